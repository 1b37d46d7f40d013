#pragma once

#include <chrono>
#include <cstdint>

namespace fieldlink {

enum class WaveShape { constant, sine, counter, random_walk };

/// What a simulated point shows. The same settings give the same values for the same calls, on every machine.
struct WaveSettings {
    WaveShape shape = WaveShape::constant;
    std::chrono::milliseconds period{60'000};  ///< of the sine
    double mean = 0;                           ///< of the sine; where the random walk starts
    double amplitude = 1;                      ///< of the sine; how far the random walk strays from its mean at most
    double step = 1;                           ///< of the counter, each poll; the largest of the random walk
    double value = 0;                          ///< of the constant; where the counter starts
    std::uint64_t seed = 1;                    ///< of the random walk
};

/// A quantity that changes. Pure: time is an argument.
class Wave {
public:
    explicit Wave(const WaveSettings& settings);

    /// The value at one poll, `elapsed` after the bus was opened. Counters and walks take one step a call.
    double next(std::chrono::nanoseconds elapsed);

    /// A constant shows `value` from now on.
    void set(double value) { current_ = value; }

private:
    double stray();

    WaveSettings settings_;
    double current_;
    std::uint64_t random_;
};

}  // namespace fieldlink
