#include "daemon/uplink/token_bucket.hpp"

#include <algorithm>

namespace fieldlink {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr double kLowestShare = 1.0 / 64;
constexpr Seconds kRecovery{600};

}  // namespace

TokenBucket::TokenBucket(const RateConfig& config) : full_(config), tokens_(config.burst) {}

/// The time without a connection has not shown that the service would take more.
void TokenBucket::restart(Instant now) {
    filled_ = now;
    tokens_ = burst();
}

void TokenBucket::refill(Instant now) {
    const Seconds passed = now - filled_;
    filled_ = now;
    if (passed <= Seconds::zero()) return;
    tokens_ = std::min(std::max(burst(), 1.0), tokens_ + rate() * passed.count());
    share_ = std::min(1.0, share_ + passed / kRecovery);
}

void TokenBucket::take(Instant now) {
    refill(now);
    tokens_ -= 1;
}

Instant TokenBucket::ready_at(Instant now) const {
    const double missing = 1 - tokens_ - rate() * Seconds(now - filled_).count();
    if (missing <= 0) return now;
    return now + std::chrono::ceil<std::chrono::milliseconds>(Seconds(missing / rate()));
}

void TokenBucket::slow_down() {
    share_ = std::max(kLowestShare, share_ / 2);
}

}  // namespace fieldlink
