#include <algorithm>
#include <charconv>
#include <variant>

#include "daemon/log.hpp"
#include "daemon/uplink/foreign_text.hpp"
#include "daemon/uplink/link.hpp"

namespace fieldlink {
namespace {

constexpr int kTooFast = 4011;

/// A plain number, such as our request ids are; anything else is 0, which no request has.
std::uint64_t number(std::string_view text) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, value);
    return result.ec == std::errc() && result.ptr == end ? value : 0;
}

/// Retry-After in seconds; its other form, a date, is not worth trusting a clock for.
milliseconds retry_after(const OpenFailure& failure) {
    constexpr std::uint64_t kLongest = 3'600;
    return std::chrono::seconds(std::min(kLongest, number(failure.retry_after)));
}

}  // namespace

void Link::on_opened() {
    note(LinkEvent::opened);
}

void Link::on_failed(const OpenFailure& failure) {
    const Reaction& reaction = failure.http_status
                                   ? reaction_to_http(failure.http_status)
                                   : reaction_to(failure.tls ? Trouble::tls_failed : Trouble::connection_lost);
    fail(reaction, failure.text, retry_after(failure));
    note(LinkEvent::lost);
}

void Link::on_closed(int code, std::string_view reason) {
    publisher_.closed_by_service(code);
    // What we closed the connection for matters more than how the service answers.
    const bool by_us = state_ == LinkState::closing || state_ == LinkState::leaving;
    if (!by_us) {
        std::string detail = "close code " + std::to_string(code);
        if (!reason.empty()) detail.append(" (").append(foreign_text(reason)).append(1, ')');
        fail(reaction_to_close(code), std::move(detail));
        if (code == kTooFast) wire_.bucket().slow_down();
    }
    note(LinkEvent::lost);
}

void Link::on_binary(std::size_t) {
    ++status_.ignored_frames;
}

void Link::on_text(std::string_view text) {
    const ServerFrame frame(text);
    keepalive_.received(parts_.time.now());
    std::visit([this](const auto& content) { received(content); }, frame.content());
    wake_soon();
}

void Link::received(const Ignored&) {
    ++status_.ignored_frames;
}

void Link::received(const Welcome& welcome) {
    // Connecting: the upgrade and the welcome arrived in one read, and `opened` is noted but not handled yet.
    if (state_ != LinkState::welcoming && state_ != LinkState::connecting) {
        ++status_.ignored_frames;
        return;
    }
    const Instant now = parts_.time.now();
    status_.peer_id = foreign_text(welcome.peer_id);
    max_frame_ = welcome.max_message_size;
    check_identity(welcome.peer_id);
    plan_renewal(welcome, now);
    if (welcome.server_time) host_.service_time(*welcome.server_time);
    note(LinkEvent::welcome);
}

void Link::plan_renewal(const Welcome& welcome, Instant now) {
    constexpr milliseconds kAhead{60'000}, kShortLife{300'000};
    if (!welcome.expires_at || !welcome.server_time || *welcome.expires_at <= *welcome.server_time) return;
    const milliseconds life = *welcome.expires_at - *welcome.server_time;
    renew_at_ = now + (life > kShortLife ? life - kAhead : life * 8 / 10);
}

void Link::check_identity(std::string_view peer_id) {
    const bool by_token = !std::holds_alternative<ApiKeyAuth>(config_.auth);
    if (!by_token || peer_id == gateway_ || peer_id == wrong_identity_) return;
    wrong_identity_ = peer_id;
    log::error("uplink: gateway.id is " + gateway_ + " but the token says " + foreign_text(peer_id) +
               ": make them the same, or this gateway's messages are taken for another's");
}

void Link::received(const Ack& ack) {
    const std::uint64_t request = number(ack.request_id);
    if (subscription_.acked(request))
        note(LinkEvent::subscribed);
    else if (!publisher_.acked(request, parts_.time.now())) {
        ++status_.unexpected_acks;
        return;
    }
    backoff_.acked();
}

void Link::received(const ServiceError& error) {
    const std::uint64_t request = number(error.request_id);
    const Instant now = parts_.time.now();
    if (publisher_.refused(request, error, now)) return;
    if (!subscription_.refused(request, now)) {
        ++status_.ignored_frames;
        return;
    }
    status_.last_error = "the service refuses the subscription to " + config_.channels.commands + ": ";
    status_.last_error.append(foreign_text(error.code)).append(1, ' ').append(foreign_text(error.message));
}

void Link::received(const ChannelMessage& message) {
    if (message.channel != config_.channels.commands || !is_connected()) {
        ++status_.ignored_frames;
        return;
    }
    host_.command(message.data, message.from);
}

void Link::received(const GoingAway& going_away) {
    going_away_ = going_away.retry_after;
}

}  // namespace fieldlink
