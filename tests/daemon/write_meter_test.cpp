#include "daemon/write_meter.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

using std::chrono::minutes;

TEST(WriteMeter, SaysNothingBeforeAMinuteHasPassed) {
    WriteMeter meter;
    EXPECT_FALSE(meter.gigabytes_a_day());
    meter.note(1'000'000, minutes(10));
    meter.note(2'000'000, minutes(10) + std::chrono::seconds(59));
    EXPECT_FALSE(meter.gigabytes_a_day());
}

TEST(WriteMeter, ProjectsWhatWasWrittenToADay) {
    WriteMeter meter;
    meter.note(5'000'000, minutes(10));
    meter.note(15'000'000, minutes(20));
    ASSERT_TRUE(meter.gigabytes_a_day());
    EXPECT_DOUBLE_EQ(*meter.gigabytes_a_day(), 1.44);
}

TEST(WriteMeter, ForgetsWhatIsOlderThanAnHour) {
    WriteMeter meter;
    meter.note(0, minutes(0));
    for (int minute = 1; minute <= 180; ++minute)
        meter.note(1'000'000'000, minutes(minute));
    EXPECT_DOUBLE_EQ(meter.gigabytes_a_day().value_or(-1), 0);
}

TEST(WriteMeter, AsksTheKernel) {
    EXPECT_TRUE(written_to_disk().has_value());
}

}  // namespace
}  // namespace fieldlink
