#pragma once

#include <algorithm>
#include <chrono>

#include <time.h>

namespace fieldlink {

/// CLOCK_MONOTONIC, which is the same in all programs of a machine.
inline std::chrono::nanoseconds now() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

/// The service's limit on the frames of one connection. Not the product's TokenBucket, which it is to judge.
class ConnectionBucket {
public:
    /// `rate` frames a second and `burst` at once; a rate of 0 is none.
    ConnectionBucket(double rate, double burst) : rate_(rate), burst_(burst), tokens_(burst) {}

    /// False: that frame was one too many.
    bool take(std::chrono::nanoseconds at) {
        if (rate_ <= 0) return true;
        tokens_ = std::min(burst_, tokens_ + rate_ * std::chrono::duration<double>(at - filled_).count());
        filled_ = at;
        if (tokens_ < 1) return false;
        tokens_ -= 1;
        return true;
    }

private:
    double rate_, burst_, tokens_;
    std::chrono::nanoseconds filled_{0};
};

}  // namespace fieldlink
