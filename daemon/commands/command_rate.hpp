#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

namespace fieldlink {

/// How many commands are taken: `per_second` in the long run, `burst` at once. What goes over gets no result, since a
/// flood of results would fill the outbox; it is counted. Pure: knows no clock.
class CommandRate {
public:
    using Instant = std::chrono::steady_clock::time_point;

    CommandRate(double per_second, double burst) : per_second_(per_second), burst_(burst), tokens_(burst) {}

    bool allow(Instant now) {
        const std::chrono::duration<double> passed = now - filled_;
        tokens_ = std::min(burst_, tokens_ + passed.count() * per_second_);
        filled_ = now;
        if (tokens_ < 1) {
            ++refused_;
            return false;
        }
        tokens_ -= 1;
        return true;
    }

    /// How many were refused since the last call.
    std::uint64_t take_refused() { return std::exchange(refused_, 0); }

private:
    double per_second_, burst_, tokens_;
    Instant filled_;
    std::uint64_t refused_ = 0;
};

}  // namespace fieldlink
