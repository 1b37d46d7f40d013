#include "scripted_cloud.hpp"

#include <gtest/gtest.h>

#include "daemon/json/reader.hpp"

namespace fieldlink::test {
namespace {

std::string text(JsonValue value) {
    return std::string(value.string().value_or(""));
}

/// The messages in a publish, by their ids.
std::string messages_in(JsonValue data) {
    const JsonValue messages = data["messages"];
    if (!messages.exists()) return text(data["messageId"]);
    EXPECT_FALSE(data.first().next().exists()) << "an envelope holds messages only: " << data.raw();
    EXPECT_TRUE(messages.first().next().exists()) << "a single message stands plain: " << data.raw();
    std::string ids;
    for (JsonValue message = messages.first(); message.exists(); message = message.next())
        ids += (ids.empty() ? "" : " ") + text(message["messageId"]);
    return ids;
}

/// What a frame of ours is, in the words of the script.
std::string describe_frame(JsonValue frame) {
    const std::string type = text(frame["type"]);
    if (type == "subscribe") return type + ' ' + text(frame["channel"]);
    if (type == "publish") return type + ' ' + messages_in(frame["data"]);
    return type;
}

void take_steps(Transport::Listener& listener, int count) {
    for (const OpenStep step : {OpenStep::connecting, OpenStep::securing, OpenStep::upgrading})
        if (count-- > 0) listener.on_step(step);
}

}  // namespace

using Expectation = ScriptedCloud::Expectation;

Expectation& Expectation::welcome(const std::string& more_members) {
    return say(R"({"type":"welcome","peerId":"gw")" + more_members + "}");
}

Expectation& Expectation::ack() {
    answers_.push_back([](ScriptedCloud& cloud, const std::string& request_id) {
        cloud.say(R"({"type":"ack","requestId":")" + request_id + "\"}");
    });
    return *this;
}

Expectation& Expectation::error(const std::string& code) {
    answers_.push_back([code](ScriptedCloud& cloud, const std::string& request_id) {
        cloud.say(R"({"type":"error","code":")" + code + R"(","requestId":")" + request_id + "\"}");
    });
    return *this;
}

Expectation& Expectation::say(const std::string& frame) {
    answers_.push_back([frame](ScriptedCloud& cloud, const std::string&) { cloud.say(frame); });
    return *this;
}

Expectation& Expectation::binary() {
    answers_.push_back([](ScriptedCloud& cloud, const std::string&) {
        cloud.report([](Transport::Listener& listener) { listener.on_binary(3); });
    });
    return *this;
}

Expectation& Expectation::refuse(int http_status, const std::string& retry_after) {
    opens_ = false;
    answers_.push_back([http_status, retry_after](ScriptedCloud& cloud, const std::string&) {
        OpenFailure failure;
        failure.http_status = http_status;
        failure.retry_after = retry_after;
        cloud.end([failure](Transport::Listener& listener) { listener.on_failed(failure); });
    });
    return *this;
}

Expectation& Expectation::close(int code) {
    answers_.push_back([code](ScriptedCloud& cloud, const std::string&) { cloud.close_now(code); });
    return *this;
}

Expectation& Expectation::hang_after(int steps) {
    opens_ = false;
    steps_ = steps;
    return *this;
}

Expectation& ScriptedCloud::expect(const std::string& what) {
    script_.emplace_back().what_ = what;
    return script_.back();
}

void ScriptedCloud::meet(const std::string& what, const std::string& request_id) {
    if (!is_expected(what)) {
        ADD_FAILURE() << "the script expects " << (script_.empty() ? "nothing more" : script_.front().what_) << ", but "
                      << what << " came";
        return;
    }
    const Expectation met = std::move(script_.front());
    script_.pop_front();
    if (what == "connect") report([steps = met.steps_](Listener& listener) { take_steps(listener, steps); });
    if (what == "connect" && met.opens_) report([](Listener& listener) { listener.on_opened(); });
    for (const auto& answer : met.answers_)
        answer(*this, request_id);
}

void ScriptedCloud::report(const std::function<void(Listener&)>& event) {
    loop_.post([this, event, connection = connection_] {
        if (listener_ && connection == connection_) event(*listener_);
    });
}

void ScriptedCloud::end(const std::function<void(Listener&)>& event) {
    report([this, event](Listener& listener) {
        listener_ = nullptr;
        event(listener);
    });
}

void ScriptedCloud::say(const std::string& frame) {
    report([frame](Listener& listener) { listener.on_text(frame); });
}

void ScriptedCloud::close_now(int code) {
    end([code](Listener& listener) { listener.on_closed(code, ""); });
}

void ScriptedCloud::open(const std::string& url, Listener& listener) {
    listener_ = &listener;
    ++connection_;
    urls.push_back(url);
    connects.push_back(loop_.now());
    meet("connect");
}

Transport::Sent ScriptedCloud::send(std::string frame_text) {
    if (!listener_) return Sent::not_open;
    if (!unsendable.empty() && frame_text.find(unsendable) != std::string::npos) return Sent::not_sendable;
    const JsonDocument frame(frame_text);
    EXPECT_TRUE(frame.valid()) << frame.error() << ": " << frame_text;
    frames.push_back(loop_.now());
    sizes.push_back(frame_text.size());
    const std::string what = describe_frame(frame.root());
    if (text(frame.root()["type"]) == "publish") published.push_back(messages_in(frame.root()["data"]));
    if (what == "ping" && !is_expected(what)) {
        say(R"({"type":"pong"})");
        return Sent::queued;
    }
    const std::string request_id = text(frame.root()["requestId"]);
    if (what != "ping") request_ids.push_back(request_id);
    if (acks_all_ && script_.empty()) {
        say(R"({"type":"ack","requestId":")" + request_id + "\"}");
        return Sent::queued;
    }
    meet(what, request_id);
    return Sent::queued;
}

void ScriptedCloud::close(int code, std::string_view) {
    meet("close " + std::to_string(code));
}

void ScriptedCloud::drop() {
    listener_ = nullptr;
    ++connection_;
}

}  // namespace fieldlink::test
