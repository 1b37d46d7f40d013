#include "daemon/polling/schedule.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

using std::chrono::milliseconds;
const Schedule::Instant kStart{milliseconds(1'000'000)};

TEST(Schedule, PollsEverySensorAtTheStart) {
    Schedule schedule({milliseconds(10), milliseconds(1'000)}, kStart);
    EXPECT_EQ(schedule.take(kStart)->sensor, 0u);
    EXPECT_EQ(schedule.take(kStart)->sensor, 1u);
    EXPECT_FALSE(schedule.take(kStart));
}

TEST(Schedule, DoesNotDriftWhenPollsAreLate) {
    Schedule schedule({milliseconds(100)}, kStart);
    for (int n = 0; n < 1'000; ++n) {
        EXPECT_EQ(schedule.next(), kStart + n * milliseconds(100));
        const auto due = schedule.take(kStart + n * milliseconds(100) + milliseconds(99));
        ASSERT_TRUE(due);
        EXPECT_EQ(due->missed, 0u);
    }
}

TEST(Schedule, CountsMissedPollsAndDoesNotPileThemUp) {
    Schedule schedule({milliseconds(100)}, kStart);
    EXPECT_EQ(schedule.take(kStart)->missed, 0u);
    const auto late = schedule.take(kStart + milliseconds(550));
    EXPECT_EQ(late->missed, 4u);
    EXPECT_FALSE(schedule.take(kStart + milliseconds(550)));
    EXPECT_EQ(schedule.next(), kStart + milliseconds(600));
}

TEST(Schedule, ServesWhoeverHasWaitedLongest) {
    Schedule schedule({milliseconds(10), milliseconds(1'000)}, kStart);
    schedule.take(kStart);
    schedule.take(kStart);
    int slow_polls = 0;
    // The fast sensor alone takes longer than its period: the slow one must still get its turn.
    for (auto now = kStart; now < kStart + milliseconds(10'500); now += milliseconds(25))
        slow_polls += schedule.take(now).value_or(Schedule::Due{}).sensor == 1 ? 1 : 0;
    EXPECT_EQ(slow_polls, 10);
}

TEST(Schedule, IsNeverDueWithoutSensors) {
    Schedule schedule({}, kStart);
    EXPECT_EQ(schedule.next(), Schedule::Instant::max());
    EXPECT_FALSE(schedule.take(kStart));
}

}  // namespace
}  // namespace fieldlink
