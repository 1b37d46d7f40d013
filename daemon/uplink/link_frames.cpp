#include <algorithm>
#include <charconv>
#include <variant>

#include "daemon/foreign_text.hpp"
#include "daemon/uplink/link.hpp"

namespace fieldlink {
namespace {

constexpr int kTooFast = 4011;

/// A plain number, such as our request ids are; anything else, `02` too, is 0, which no request has.
std::uint64_t number(std::string_view text) {
    if (!text.empty() && text.front() == '0') return 0;
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

Trouble trouble_of(OpenFault fault) {
    switch (fault) {
        case OpenFault::resolve:
            return Trouble::unknown_host;
        case OpenFault::proxy:
            return Trouble::proxy_failed;
        case OpenFault::tls:
            return Trouble::tls_failed;
        case OpenFault::connect:
        case OpenFault::none:
            break;
    }
    return Trouble::connection_lost;
}

}  // namespace

void Link::on_step(OpenStep step) {
    switch (step) {
        case OpenStep::connecting:
            return note(LinkEvent::resolved);
        case OpenStep::securing:
            return note(LinkEvent::reached);
        case OpenStep::upgrading:
            return note(LinkEvent::secured);
    }
}

void Link::on_opened() {
    note(LinkEvent::opened);
}

void Link::on_failed(const OpenFailure& failure) {
    const Reaction& reaction =
        failure.http_status ? reaction_to_http(failure.http_status) : reaction_to(trouble_of(failure.fault));
    fail(reaction, failure.text, retry_after(failure));
    note(LinkEvent::lost);
}

void Link::on_closed(int code, std::string_view reason) {
    for (Duty* const duty : duties_)
        duty->closed_by_service(code);
    // What we closed the connection for matters more than how the service answers.
    const bool by_us = state_ == LinkState::closing || state_ == LinkState::leaving;
    if (!by_us) {
        std::string detail = "close code " + std::to_string(code);
        if (!reason.empty()) detail.append(" (").append(foreign_text(reason)).append(1, ')');
        fail(reaction_to_close(code), std::move(detail));
        if (code == kTooFast) parts_.wire.bucket().slow_down();
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
    // Before it: the upgrade and the welcome arrived in one read, and what led here is noted but not handled yet.
    if (is_connected() || shown_as(state_) != UplinkState::connecting || state_ == LinkState::closing) {
        ++status_.ignored_frames;
        return;
    }
    const Instant now = parts_.time.now();
    status_.peer_id = foreign_text(welcome.peer_id);
    max_frame_ = welcome.max_message_size;
    check_identity(welcome.peer_id);
    plan_renewal(welcome, now);
    take_time(welcome);
    note(LinkEvent::welcome);
}

void Link::take_time(const Welcome& welcome) {
    if (!welcome.server_time) return;
    host_.service_time(*welcome.server_time);
    const auto ends = parts_.transport.certificate_ends();
    if (ends) host_.verified_time(std::chrono::duration_cast<std::chrono::seconds>(*welcome.server_time), *ends);
}

void Link::received(const Ack& ack) {
    const std::uint64_t request = number(ack.request_id);
    const Instant now = parts_.time.now();
    const auto takes = [request, now](Duty* duty) { return duty->acked(request, now); };
    if (std::any_of(duties_.begin(), duties_.end(), takes))
        backoff_.acked();
    else
        ++status_.unexpected_acks;
}

void Link::received(const ServiceError& error) {
    const std::uint64_t request = number(error.request_id);
    const Instant now = parts_.time.now();
    const auto takes = [request, &error, now](Duty* duty) { return duty->refused(request, error, now); };
    if (std::none_of(duties_.begin(), duties_.end(), takes)) ++status_.ignored_frames;
}

void Link::received(const ChannelMessage& message) {
    const auto takes = [&message](Duty* duty) { return duty->received(message); };
    if (std::none_of(duties_.begin(), duties_.end(), takes)) ++status_.ignored_frames;
}

void Link::received(const DirectMessage& message) {
    const auto takes = [&message](Duty* duty) { return duty->received(message); };
    if (std::none_of(duties_.begin(), duties_.end(), takes)) ++status_.ignored_frames;
}

void Link::received(const GoingAway& going_away) {
    going_away_ = going_away.retry_after;
}

}  // namespace fieldlink
