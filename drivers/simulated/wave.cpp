#include "drivers/simulated/wave.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace fieldlink {
namespace {

constexpr double kTwoPi = 6.283185307179586;

/// SplitMix64: four lines that give the same numbers everywhere, which the standard library's distributions do not.
double uniform(std::uint64_t& state) {
    state += 0x9E3779B97F4A7C15u;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
}

}  // namespace

Wave::Wave(const WaveSettings& settings)
    : settings_(settings),
      current_(settings.shape == WaveShape::random_walk ? settings.mean : settings.value),
      random_(settings.seed) {}

double Wave::next(std::chrono::nanoseconds elapsed) {
    switch (settings_.shape) {
        case WaveShape::constant:
            return current_;
        case WaveShape::counter:
            return std::exchange(current_, current_ + settings_.step);
        case WaveShape::random_walk:
            return std::exchange(current_, stray());
        case WaveShape::sine:
            break;
    }
    const double turns = std::chrono::duration<double>(elapsed) / std::chrono::duration<double>(settings_.period);
    return settings_.mean + settings_.amplitude * std::sin(kTwoPi * turns);
}

double Wave::stray() {
    const double next = current_ + (2 * uniform(random_) - 1) * settings_.step;
    return std::clamp(next, settings_.mean - settings_.amplitude, settings_.mean + settings_.amplitude);
}

}  // namespace fieldlink
