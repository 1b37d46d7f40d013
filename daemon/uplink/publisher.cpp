#include "daemon/uplink/publisher.hpp"

#include <string>

#include "daemon/log.hpp"
#include "daemon/message/body.hpp"
#include "daemon/uplink/foreign_text.hpp"

namespace fieldlink {
namespace {

constexpr std::chrono::seconds kWatchEvery{1};
constexpr std::size_t kEnvelope = 1024;  ///< about what a frame adds to a message's body

std::string request_id(std::uint64_t request) {
    return std::to_string(request);
}

}  // namespace

Publisher::Publisher(const RateConfig& rate, Uplink::Host& host, Transport& transport, UplinkStatus& status)
    : host_(host), transport_(transport), status_(status), bucket_(rate) {}

void Publisher::connected(std::size_t max_frame, Instant now) {
    connected_ = true;
    paused_ = false;
    more_ = true;
    max_frame_ = max_frame;
    watched_ = now;
    bucket_.restart(now);
}

void Publisher::disconnected() {
    if (!connected_) return;
    connected_ = false;
    settle();
    window_.clear();
    status_.in_flight = 0;
    take_all_again();
}

void Publisher::take_all_again() {
    offered_.clear();
    const auto under_way = window_.seqs();
    under_way_when_retaken_ = {under_way.begin(), under_way.end()};
    offer_is_stale_ = asked_;
    more_ = true;
    host_.give_back();
}

void Publisher::offer(std::vector<StoredMessage> messages) {
    asked_ = false;
    if (std::exchange(offer_is_stale_, false)) return;
    if (!messages.empty()) more_ = true;
    for (StoredMessage& message : messages)
        offered_.push_back(std::move(message));
}

bool Publisher::acked(std::uint64_t request, Instant now) {
    const auto flight = window_.take(request, now);
    if (!flight) return false;
    for (const std::int64_t seq : flight->seqs) {
        if (holds_.settled(seq, flight->channel))
            log::notice("uplink: the service takes message " + std::to_string(seq) + " on " + flight->channel +
                        " after refusing it");
        settled_.push_back(seq);
    }
    status_.acked_messages += flight->seqs.size();
    return true;
}

bool Publisher::refused(std::uint64_t request, const ServiceError& error, Instant now) {
    const auto flight = window_.take(request, now);
    if (!flight) return false;
    const Refusal& why = refusal(error.code);
    for (const std::int64_t seq : flight->seqs) {
        const auto held = holds_.refused(seq, flight->channel, why, now);
        std::string text = "the service refuses message " + std::to_string(seq) + " on " + flight->channel + ": ";
        text += foreign_text(error.code);
        if (!error.message.empty()) text.append(" (").append(foreign_text(error.message)).append(1, ')');
        text += "; it stays owed and is tried again in " + std::to_string(held.delay.count() / 1000) + " s";
        if (!why.advice.empty()) text.append("; ").append(why.advice);
        status_.last_error = text;
        if (held.news) log::error("uplink: " + text);
    }
    return true;
}

void Publisher::work(Instant now) {
    if (!connected_) return;
    if (now >= watched_ + kWatchEvery) {
        watched_ = now;
        window_.observe(transport_.unsent_bytes(), now);
    }
    settle();
    if (holds_.release(now)) take_all_again();
    while (!paused_ && !offered_.empty() && publish(offered_.front(), now) == Next::go_on)
        offered_.pop_front();
    status_.in_flight = window_.messages();
    ask_for_more(now);
}

void Publisher::settle() {
    if (settled_.empty()) return;
    host_.settle(settled_);
    settled_.clear();
}

/// Whether it needs no publish now: it is under way already, or held and will be taken again.
bool Publisher::comes_again(const StoredMessage& message, Instant now) {
    return under_way_when_retaken_.erase(message.seq) > 0 || holds_.holds(message.seq, message.channel, now);
}

Publisher::Next Publisher::publish(const StoredMessage& message, Instant now) {
    if (comes_again(message, now)) return Next::go_on;
    if (holds_.holds_everything(now) || !window_.has_room(message.body.size() + kEnvelope)) return Next::wait;
    if (bucket_.ready_at(now) > now) return Next::wait;
    const std::uint64_t request = new_request();
    std::string frame;
    frame.reserve(message.body.size() + message.body.size() / 4 + kEnvelope);
    begin_publish(frame, message.channel);
    render(message, frame);
    end_request(frame, request_id(request));
    if (frame.size() > max_frame_) {
        too_big(message, frame.size());
        return Next::go_on;
    }
    return send(message, std::move(frame), request, now);
}

Publisher::Next Publisher::send(const StoredMessage& message, std::string frame, std::uint64_t request, Instant now) {
    const std::size_t size = frame.size();
    switch (transport_.send(std::move(frame))) {
        case Transport::Sent::not_open:
            paused_ = true;
            return Next::wait;
        case Transport::Sent::not_sendable:
            holds_.refused(message.seq, message.channel, refusal("malformed_message"), now);
            status_.last_error = "message " + std::to_string(message.seq) + " is not UTF-8 and cannot be sent";
            return Next::go_on;
        case Transport::Sent::queued:
            break;
    }
    bucket_.take(now);
    window_.add({request, {message.seq}, message.channel, size}, now);
    ++status_.published_frames;
    return Next::go_on;
}

/// Sent as it is, it would end every connection with 1009. It stays owed: another welcome may raise the limit.
void Publisher::too_big(const StoredMessage& message, std::size_t size) {
    if (max_frame_complained_ == max_frame_) return;
    max_frame_complained_ = max_frame_;
    status_.last_error = "message " + std::to_string(message.seq) + " takes a frame of " + std::to_string(size) +
                         " bytes and the service takes " + std::to_string(max_frame_) +
                         ": it stays owed; lower batch.max_bytes, or have the limit raised";
    log::error("uplink: " + status_.last_error);
}

void Publisher::ask_for_more(Instant now) {
    if (asked_ || !more_ || paused_ || offered_.size() >= kTakeMessages / 2 || holds_.holds_everything(now)) return;
    asked_ = true;
    more_ = false;
    host_.take(kTakeMessages, kTakeBytes);
}

std::optional<Instant> Publisher::next(Instant now) const {
    if (!connected_) return std::nullopt;
    std::optional<Instant> next = holds_.next_release();
    if (!window_.empty()) next = earlier(next, watched_ + kWatchEvery);
    const bool rate_is_in_the_way = !paused_ && !offered_.empty() && !holds_.holds_everything(now) &&
                                    window_.has_room(offered_.front().body.size() + kEnvelope);
    if (rate_is_in_the_way) next = earlier(next, bucket_.ready_at(now));
    return next;
}

bool Publisher::ack_is_late(Instant now) const {
    const auto late = window_.late_at();
    return connected_ && late && now >= *late;
}

bool Publisher::all_published() const {
    return !more_ && !asked_ && offered_.empty() && window_.empty();
}

}  // namespace fieldlink
