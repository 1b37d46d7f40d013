#include "daemon/uplink/ramp.hpp"

#include <algorithm>

namespace fieldlink {
namespace {

constexpr std::chrono::seconds kSecond{1};

}  // namespace

void Ramp::restart(double full_rate, Instant now) {
    rate_ = std::min(kFirst, full_rate);
    full_rate_ = full_rate;
    next_ = now;
    second_ends_ = now + kSecond;
    all_quick_ = true;
}

void Ramp::take(Instant now) {
    const std::chrono::duration<double> gap(1 / rate_);
    next_ = std::max(next_, now) + std::chrono::ceil<std::chrono::microseconds>(gap);
}

void Ramp::acked(Instant::duration after, Instant now) {
    all_quick_ = all_quick_ && after <= kQuick;
    if (now < second_ends_) return;
    if (all_quick_) rate_ = std::min(rate_ * 2, full_rate_);
    second_ends_ = now + kSecond;
    all_quick_ = true;
}

Instant Ramp::ready_at(Instant now) const {
    return is_ramping() ? std::max(now, next_) : now;
}

}  // namespace fieldlink
