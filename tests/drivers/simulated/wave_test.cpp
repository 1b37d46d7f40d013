#include "drivers/simulated/wave.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

using namespace std::chrono_literals;

WaveSettings shaped(WaveShape shape) {
    WaveSettings settings;
    settings.shape = shape;
    return settings;
}

TEST(Wave, SineSwingsAroundItsMeanOnceAPeriod) {
    WaveSettings settings = shaped(WaveShape::sine);
    settings.mean = 20;
    settings.amplitude = 5;
    settings.period = 8s;
    Wave wave(settings);
    EXPECT_NEAR(wave.next(0s), 20, 1e-9);
    EXPECT_NEAR(wave.next(2s), 25, 1e-9);
    EXPECT_NEAR(wave.next(6s), 15, 1e-9);
    EXPECT_NEAR(wave.next(8s), 20, 1e-9);
}

TEST(Wave, CounterCountsPolls) {
    WaveSettings settings = shaped(WaveShape::counter);
    settings.value = 10;
    settings.step = 3;
    Wave wave(settings);
    EXPECT_EQ(wave.next(0s), 10);
    EXPECT_EQ(wave.next(0s), 13);
    EXPECT_EQ(wave.next(0s), 16);
}

TEST(Wave, ConstantKeepsWhatWasSet) {
    Wave wave(shaped(WaveShape::constant));
    EXPECT_EQ(wave.next(0s), 0);
    wave.set(60);
    EXPECT_EQ(wave.next(1s), 60);
    EXPECT_EQ(wave.next(2s), 60);
}

std::vector<double> walk(std::uint64_t seed) {
    WaveSettings settings = shaped(WaveShape::random_walk);
    settings.mean = 100;
    settings.amplitude = 2;
    settings.seed = seed;
    Wave wave(settings);
    std::vector<double> values;
    for (int i = 0; i < 1'000; ++i)
        values.push_back(wave.next(0s));
    return values;
}

TEST(Wave, RandomWalkRepeatsForItsSeedAlone) {
    EXPECT_EQ(walk(1), walk(1));
    EXPECT_NE(walk(1), walk(2));
}

TEST(Wave, RandomWalkStaysWithinItsAmplitude) {
    bool moved = false;
    for (const double value : walk(7)) {
        EXPECT_GE(value, 98);
        EXPECT_LE(value, 102);
        moved = moved || value != 100;
    }
    EXPECT_TRUE(moved);
}

}  // namespace
}  // namespace fieldlink
