#include "daemon/uplink/backoff.hpp"

#include <algorithm>

namespace fieldlink {

using std::chrono::duration_cast;

Backoff::Backoff(const ReconnectConfig& config, Random random)
    : config_(config), random_(std::move(random)), delay_(config.initial_delay) {}

void Backoff::connecting(Instant now) {
    ++attempts_;
    recent_.push_back(now);
    if (recent_.size() > config_.per_minute) recent_.pop_front();
}

void Backoff::welcomed(Instant now) {
    welcomed_ = now;
    acked_ = false;
}

void Backoff::acked() {
    acked_ = true;
}

milliseconds Backoff::next(Retry retry, milliseconds floor, Instant now) {
    const bool was_welcomed = welcomed_.has_value();
    end_connection(now);
    milliseconds delay{0};
    if (retry == Retry::spread)
        delay = floor + jittered(config_.max_delay);
    else if (retry != Retry::at_once || !was_welcomed)
        delay = floor + std::max(kLeast, jittered(delay_));
    const auto grown = duration_cast<milliseconds>(delay_ * std::max(1.0, config_.multiplier));
    delay_ = std::min(config_.max_delay, grown);
    return std::max(delay, forbidden_for(now));
}

void Backoff::end_connection(Instant now) {
    const bool stable = welcomed_ && acked_ && now - *welcomed_ >= kStable;
    welcomed_.reset();
    if (!stable) return;
    delay_ = config_.initial_delay;
    attempts_ = 0;
}

milliseconds Backoff::forbidden_for(Instant now) const {
    if (recent_.size() < config_.per_minute) return milliseconds(0);
    const auto allowed = recent_.front() + std::chrono::minutes(1);
    return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(allowed - now));
}

milliseconds Backoff::jittered(milliseconds most) {
    return duration_cast<milliseconds>(most * random_());
}

}  // namespace fieldlink
