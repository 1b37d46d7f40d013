#include <algorithm>
#include <charconv>

#include "link_scene.hpp"
#include "secret.hpp"

// What the link sees of the service: the transport, and who gives it credentials.
namespace fieldlink::fuzz {
namespace {

constexpr double kServiceRate = 100, kServiceBurst = 200;

std::int64_t position_in(JsonValue message) {
    const auto id = message["messageId"].string().value_or("");
    std::int64_t seq = 0;
    std::from_chars(id.data() + std::min(id.size(), id.rfind(':') + 1), id.data() + id.size(), seq);
    return seq;
}

}  // namespace

void LinkScene::cloud_step(char verb, int argument) {
    switch (verb) {
        case 'o':
            report([this](Listener& listener) { take_all_steps(listener); });
            break;
        case 'b':
            report([](Listener& listener) { listener.on_binary(3); });
            break;
        case 'c':
            end_connection([argument](Listener& listener) { listener.on_closed(argument, "because"); });
            break;
        case 'f':
            end_connection([argument](Listener& listener) {
                listener.on_failed({argument, "30", argument == 0 ? OpenFault::tls : OpenFault::none, "it failed"});
            });
            break;
        case 'a':
            if (!unanswered_.empty()) oblige(unanswered_.front());
            break;
        default:
            unsent_ = static_cast<std::size_t>(argument);
            break;
    }
}

void LinkScene::open(const std::string& url, Listener& listener) {
    called_by_link();
    require(url.rfind("wss://cloud.example/v1?token=", 0) == 0, "the service's URL has the credential");
    require_connects();
    listener_ = &listener;
    ++connection_;
    opened_ = closing_ = false;
    unanswered_.clear();
    largest_limit_ = 0;
    tokens_ = kServiceBurst;
    tokens_at_ = loop_.now();
    if (!obliging_) return;
    cloud_step('o', 0);
    say(R"({"type":"welcome","peerId":"gw","maxMessageSize":65536})");
}

void LinkScene::take_all_steps(Listener& listener) {
    for (const OpenStep step : {OpenStep::connecting, OpenStep::securing, OpenStep::upgrading})
        listener.on_step(step);
    opened_ = true;
    listener.on_opened();
}

void LinkScene::require_connects() {
    connects_.push_back(loop_.now());
    const std::size_t most = config_.uplink.reconnect.per_minute;
    if (connects_.size() <= most) return;
    require(connects_.back() - connects_.front() >= std::chrono::minutes(1), "at most per_minute connects a minute");
    connects_.pop_front();
}

/// As the service counts: over it comes 4011.
void LinkScene::require_rate() {
    const std::chrono::duration<double> passed = loop_.now() - tokens_at_;
    tokens_ = std::min(kServiceBurst, tokens_ + passed.count() * kServiceRate) - 1;
    tokens_at_ = loop_.now();
    require(tokens_ >= 0, "the link keeps to the service's rate");
}

Transport::Sent LinkScene::send(std::string text) {
    called_by_link();
    if (!listener_ || !opened_ || closing_) return Sent::not_open;
    require_rate();
    const JsonDocument frame(text, {4 * 1024 * 1024, 32, 200'000});
    require(frame.valid(), "every frame of ours is JSON");
    const auto type = frame.root()["type"].string().value_or("");
    if (type == "ping") {
        if (obliging_) say(R"({"type":"pong"})");
        return Sent::queued;
    }
    const std::string request_id(frame.root()["requestId"].string().value_or(""));
    require(!request_id.empty() && asked_.count(request_id) == 0, "every request has an id of its own");
    asked_[request_id];
    if (type == "publish") require_publish(frame.root(), request_id, text.size());
    unanswered_.push_back(request_id);
    if (obliging_) oblige(request_id);
    return Sent::queued;
}

void LinkScene::require_publish(JsonValue frame, const std::string& request_id, std::size_t size) {
    require(size <= largest_limit_, "no publish is larger than the service takes");
    auto& positions = asked_[request_id];
    const JsonValue data = frame["data"], messages = data["messages"];
    if (!messages.exists()) positions.push_back(position_in(data));
    for (JsonValue message = messages.first(); message.exists(); message = message.next())
        positions.push_back(position_in(message));
}

void LinkScene::close(int, std::string_view) {
    called_by_link();
    closing_ = true;
    if (obliging_) end_connection([](Listener& listener) { listener.on_closed(1000, ""); });
}

void LinkScene::drop() {
    listener_ = nullptr;
    ++connection_;
}

void LinkScene::report(std::function<void(Listener&)> event) {
    loop_.post([this, event = std::move(event), connection = connection_] {
        if (listener_ && connection == connection_) event(*listener_);
    });
}

void LinkScene::end_connection(std::function<void(Listener&)> event) {
    report([this, event = std::move(event)](Listener& listener) {
        listener_ = nullptr;
        event(listener);
    });
}

void LinkScene::say(std::string frame) {
    report([this, frame = std::move(frame)](Listener& listener) {
        if (!opened_) return;
        note_welcome_or_ack(frame);
        listener.on_text(frame);
    });
}

void LinkScene::oblige(const std::string& request_id) {
    say(R"({"type":"ack","requestId":")" + request_id + "\"}");
}

/// What the link is allowed to conclude from the frame.
void LinkScene::note_welcome_or_ack(std::string_view text) {
    const ServerFrame frame(text);
    if (const auto* welcome = std::get_if<Welcome>(&frame.content()))
        largest_limit_ = std::max(largest_limit_, welcome->max_message_size);
    if (const auto* ack = std::get_if<Ack>(&frame.content())) note_acked(std::string(ack->request_id));
}

void LinkScene::note_acked(const std::string& request_id) {
    const auto asked = asked_.find(request_id);
    if (asked != asked_.end()) acked_.insert(asked->second.begin(), asked->second.end());
    const auto waiting = std::find(unanswered_.begin(), unanswered_.end(), request_id);
    if (waiting != unanswered_.end()) unanswered_.erase(waiting);
}

void LinkScene::fetch(Done done) {
    called_by_link();
    const unsigned this_time = ++fetches_;
    if (credentials_silent_) return;
    CredentialAnswer answer{"token=" + std::string(kSecret), {}, "", milliseconds(0)};
    if (!bad_credentials_.empty()) {
        answer = bad_credentials_.front();
        bad_credentials_.pop_front();
    }
    loop_.post([this, this_time, done = std::move(done), answer] {
        if (this_time == fetches_) done(answer);
    });
}

}  // namespace fieldlink::fuzz
