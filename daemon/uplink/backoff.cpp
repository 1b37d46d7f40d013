#include "daemon/uplink/backoff.hpp"

#include <algorithm>

namespace fieldlink {

using std::chrono::duration_cast;

Backoff::Backoff(const ReconnectConfig& config, Random random)
    : config_(config), random_(std::move(random)), delay_(config.initial_delay) {}

void Backoff::welcomed(Instant now) {
    welcomed_ = now;
    acked_ = false;
}

void Backoff::acked() {
    acked_ = true;
}

milliseconds Backoff::next(Retry retry, milliseconds floor, Instant now) {
    const bool had_ack = end_connection(now);
    milliseconds delay{0};
    if (retry == Retry::spread)
        delay = floor + jittered(config_.max_delay);
    else if (retry != Retry::at_once || !had_ack)
        delay = floor + std::max(kLeast, jittered(delay_));
    // The service may stay away for longer than it said: the fleet must not get in step by the short delays then.
    if (retry == Retry::spread) delay_ = config_.max_delay;
    const auto grown = duration_cast<milliseconds>(delay_ * std::max(1.0, config_.multiplier));
    delay_ = std::min(config_.max_delay, grown);
    return delay;
}

/// True if it had an ack.
bool Backoff::end_connection(Instant now) {
    const bool had_ack = welcomed_ && acked_;
    if (had_ack && now - *welcomed_ >= kStable) {
        delay_ = config_.initial_delay;
        attempts_ = 0;
    }
    welcomed_.reset();
    return had_ack;
}

milliseconds Backoff::jittered(milliseconds most) {
    return duration_cast<milliseconds>(most * random_());
}

}  // namespace fieldlink
