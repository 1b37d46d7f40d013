#include "link_scene.hpp"
#include "secret.hpp"

// What the link sees of the rest of the daemon.
namespace fieldlink::fuzz {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMostOwed = 1'000;

}  // namespace

void LinkScene::owe(std::size_t bytes) {
    if (owed_.size() >= kMostOwed) return;
    StoredMessage message;
    message.position = message.seq = ++last_position_;
    message.gateway = "gw";
    message.epoch = "e1";
    message.channel = last_position_ % 5 == 0 ? config_.uplink.channels.results : config_.uplink.channels.telemetry;
    message.kind = Kind::event;
    message.body = '"' + std::string(bytes, 'x') + '"';
    // Larger than any frame: such a one stays owed for ever, and nothing could be required of it.
    if (message.body.size() > 60'000) message.body = R"("big")";
    owed_[message.position] = std::move(message);
    call([](UplinkCore& link) { link.more_is_owed(); });
}

void LinkScene::take(std::size_t max_messages, std::size_t max_bytes, Urgency urgency) {
    called_by_link();
    require(!std::exchange(take_is_due_, true), "one take() is outstanding at a time");
    require(max_messages > 0 && max_bytes > 0, "take() asks for something");
    loop_.post([this, max_messages, max_bytes, urgency] { hand_out(max_messages, max_bytes, urgency); });
}

void LinkScene::hand_out(std::size_t max_messages, std::size_t max_bytes, Urgency urgency) {
    std::vector<StoredMessage> messages;
    std::size_t bytes = 0;
    for (const auto& [position, message] : owed_) {
        if (taken_.count(position) || (urgency == Urgency::urgent && !is_urgent(message))) continue;
        bytes += message.body.size();
        if (messages.size() == max_messages || (bytes > max_bytes && !messages.empty())) break;
        messages.push_back(message);
        taken_.insert(position);
    }
    take_is_due_ = false;
    call([&messages](UplinkCore& link) { link.offer(std::move(messages)); });
}

void LinkScene::settle(const std::vector<std::int64_t>& positions) {
    called_by_link();
    for (const std::int64_t position : positions)
        require(acked_.count(position) == 1, "only an ack settles");
    loop_.post([this, positions] {
        for (const std::int64_t position : positions)
            owed_.erase(position), taken_.erase(position);
    });
}

void LinkScene::give_back(const std::vector<std::int64_t>& positions) {
    called_by_link();
    loop_.post([this, positions] {
        for (const std::int64_t position : positions)
            taken_.erase(position);
    });
}

/// These are events, of which none is smaller than a frame: only what the service says of them is a reason.
void LinkScene::refuse(const std::vector<RefusedMessage>& messages) {
    called_by_link();
    loop_.post([this, messages] {
        for (const RefusedMessage& message : messages)
            owed_.erase(message.position), taken_.erase(message.position);
    });
}

void LinkScene::verified_time(std::chrono::seconds unix_time, std::chrono::seconds) {
    called_by_link();
    require(unix_time.count() >= 0, "a verified time is after 1970");
}

void LinkScene::command(std::string_view data, std::string_view) {
    called_by_link();
    require_json(data);
}

void LinkScene::service_time(milliseconds unix_time) {
    called_by_link();
    require(unix_time >= milliseconds(0), "the service's time is after 1970");
}

void LinkScene::uplink_changed(const UplinkStatus& status) {
    called_by_link();
    require_no_secret(status.last_error);
    require_one_line(status.last_error);
    require_one_line(status.peer_id);
}

}  // namespace fieldlink::fuzz
