#include "daemon/polling/sensor_state.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

using std::chrono::seconds;
const SensorState::Instant kStart{seconds(1'000)};

TEST(SensorState, ReportsAFailureWhenItStartsAndThenOnceEveryMaxSilence) {
    SensorState state(std::chrono::minutes(5));
    int reports = 0;
    for (int second = 0; second <= 900; ++second)
        reports += state.failed(kStart + seconds(second)).report ? 1 : 0;
    EXPECT_EQ(reports, 4);  // at 0, 300, 600 and 900 s
}

TEST(SensorState, SaysThatTheConditionChangedOnlyWhenItDid) {
    SensorState state(std::chrono::minutes(5));
    EXPECT_EQ(state.condition(), SensorCondition::idle);
    EXPECT_TRUE(state.answered(kStart).changed);
    EXPECT_FALSE(state.answered(kStart).changed);
    EXPECT_TRUE(state.failed(kStart).changed);
    EXPECT_FALSE(state.failed(kStart).changed);
    EXPECT_EQ(state.condition(), SensorCondition::failing);
}

TEST(SensorState, CountsTheFailedPollsOfOneFailure) {
    SensorState state(std::chrono::minutes(5));
    state.failed(kStart);
    state.failed(kStart);
    EXPECT_EQ(state.answered(kStart).failed_polls, 2u);
    EXPECT_EQ(state.failed(kStart).failed_polls, 1u);
}

TEST(SensorState, ReportsANewFailureAtOnce) {
    SensorState state(std::chrono::minutes(5));
    state.failed(kStart);
    state.answered(kStart);
    EXPECT_TRUE(state.failed(kStart + seconds(1)).report);
}

TEST(SensorState, CallsASensorThatFlapsFailingUntilItHasAnsweredForTenSeconds) {
    SensorState state(std::chrono::minutes(5));
    int changes = 0, reports = 0;
    for (int second = 0; second < 100; ++second) {
        const auto when = kStart + seconds(second);
        const auto outcome = second % 2 == 0 ? state.failed(when) : state.answered(when);
        changes += outcome.changed ? 1 : 0;
        reports += second % 2 == 0 && outcome.report ? 1 : 0;
    }
    EXPECT_EQ(changes, 3);  // fails, answers again, and fails: from then on it flaps
    EXPECT_EQ(reports, 2);
    EXPECT_FALSE(state.answered(kStart + seconds(107)).changed);
    EXPECT_TRUE(state.answered(kStart + seconds(108)).changed);
    EXPECT_EQ(state.condition(), SensorCondition::ok);
}

}  // namespace
}  // namespace fieldlink
