#include "daemon/clock/true_clock.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kTrue{1'764'000'000'000};  ///< the true offset: Unix time at boot
constexpr milliseconds kFine{1}, kSeconds{1'000};

/// `boot` after the start of the machine, with the wall clock so much ahead of the true time.
Stamp at(milliseconds boot, milliseconds wall_ahead = milliseconds(0)) {
    return {boot, kTrue + boot + wall_ahead};
}

/// The same on a machine that started in 1970.
Stamp in_1970(milliseconds boot) {
    return {boot, boot};
}

TEST(TrueClock, DoesNotKnowTheTimeUntilSomebodySaysIt) {
    TrueClock clock(in_1970(seconds(1)));
    clock.kernel(false, in_1970(seconds(1)));
    EXPECT_EQ(clock.at(in_1970(seconds(2))).state, ClockState::unsynced);
    EXPECT_FALSE(clock.at(in_1970(seconds(2))).offset);
    EXPECT_FALSE(clock.look(in_1970(seconds(2))).offset);
}

TEST(TrueClock, TakesTheWallClockOfASynchronisedKernel) {
    TrueClock clock(at(seconds(1)));
    clock.kernel(true, at(seconds(1)));
    EXPECT_EQ(clock.at(at(seconds(2))).state, ClockState::synced);
    EXPECT_EQ(clock.at(at(seconds(2))).offset, kTrue);
}

TEST(TrueClock, FollowsASynchronisedKernelThatIsSlewed) {
    TrueClock clock(at(seconds(1)));
    clock.kernel(true, at(seconds(1)));
    clock.look(at(seconds(1)));
    EXPECT_EQ(clock.at(at(seconds(60), milliseconds(400))).offset, kTrue + milliseconds(400));
}

TEST(TrueClock, DoesNotBelieveAWallClockThatSteppedUntilTheKernelWasAskedAgain) {
    TrueClock clock(at(seconds(1)));
    clock.kernel(true, at(seconds(1)));
    EXPECT_FALSE(clock.stepped(at(seconds(2))));
    const Stamp stepped = at(seconds(3), hours(24));
    EXPECT_TRUE(clock.stepped(stepped));
    EXPECT_EQ(clock.at(stepped).offset, kTrue);
    clock.kernel(true, stepped);
    EXPECT_FALSE(clock.stepped(stepped));
    EXPECT_EQ(clock.at(stepped).offset, kTrue + hours(24));
}

TEST(TrueClock, KeepsWhatTheKernelWasSynchronisedToWhenItIsNotAnyMore) {
    TrueClock clock(at(seconds(1)));
    clock.kernel(true, at(seconds(1)));
    clock.kernel(false, at(seconds(60), hours(-24)));
    EXPECT_EQ(clock.at(at(seconds(61), hours(-24))).state, ClockState::synced);
    EXPECT_EQ(clock.at(at(seconds(61), hours(-24))).offset, kTrue);
}

TEST(TrueClock, TakesTheServicesTimeWhenTheWallClockIsMoreThanTwoSecondsOff) {
    TrueClock clock(in_1970(seconds(1)));
    clock.service_time(kTrue + seconds(10), kFine, seconds(10));
    EXPECT_EQ(clock.at(in_1970(seconds(20))).state, ClockState::service);
    EXPECT_EQ(clock.at(in_1970(seconds(20))).offset, kTrue);
    EXPECT_EQ(clock.at(at(seconds(20), milliseconds(2'001))).offset, kTrue);
    EXPECT_EQ(clock.at(at(seconds(20), milliseconds(-2'001))).offset, kTrue);
}

TEST(TrueClock, TakesTheWallClockWhenItIsWithinTwoSecondsOfTheService) {
    TrueClock clock(at(seconds(1)));
    clock.service_time(kTrue + seconds(10), kFine, seconds(10));
    for (const milliseconds ahead : {milliseconds(2'000), milliseconds(-2'000), milliseconds(0)}) {
        EXPECT_EQ(clock.at(at(seconds(20), ahead)).offset, kTrue + ahead);
        EXPECT_EQ(clock.at(at(seconds(20), ahead)).state, ClockState::service);
    }
}

TEST(TrueClock, IsInTheMiddleOfTheSecondThatAServiceToldWhole) {
    TrueClock clock(in_1970(seconds(1)));
    clock.service_time(kTrue + seconds(10), kSeconds, seconds(10) + milliseconds(600));
    EXPECT_EQ(clock.at(in_1970(seconds(20))).offset, kTrue - milliseconds(100));
}

TEST(TrueClock, DoesNotJumpAboutInTheSecondsThatAServiceTells) {
    TrueClock clock(in_1970(seconds(1)));
    clock.service_time(kTrue + seconds(10), kSeconds, seconds(10));
    ASSERT_TRUE(clock.look(in_1970(seconds(10))).offset);
    clock.service_time(kTrue + seconds(20), kSeconds, seconds(20) + milliseconds(900));
    EXPECT_FALSE(clock.look(in_1970(seconds(21))).offset);
    clock.service_time(kTrue + seconds(43), kSeconds, seconds(40));
    EXPECT_EQ(clock.at(in_1970(seconds(41))).offset, kTrue + milliseconds(3'500)) << "one that contradicts is taken";
}

TEST(TrueClock, KeepsTheOffsetOfAWallClockThatWasRightWhenItStepsAway) {
    TrueClock clock(at(seconds(1)));
    clock.service_time(kTrue + seconds(11), kSeconds, seconds(10));
    clock.look(at(seconds(10)));
    EXPECT_EQ(clock.at(at(seconds(20), hours(24))).offset, kTrue);
    EXPECT_FALSE(clock.look(at(seconds(20), hours(24))).offset);
}

TEST(TrueClock, IgnoresAServiceWhoseTimeIsNone) {
    TrueClock clock(in_1970(seconds(1)));
    clock.service_time(milliseconds(1'000), kFine, seconds(1));
    clock.service_time(milliseconds(999'999'999'999'999), kFine, seconds(1));
    EXPECT_EQ(clock.at(in_1970(seconds(2))).state, ClockState::unsynced);
}

TEST(TrueClock, OverrulesASynchronisedKernelThatDiffersByMoreThanFiveSeconds) {
    TrueClock clock(at(seconds(1), milliseconds(5'001)));
    const Stamp wrong = at(seconds(10), milliseconds(5'001));
    clock.kernel(true, wrong);
    EXPECT_FALSE(clock.look(wrong).disagreement);
    clock.service_time(kTrue + seconds(10), kFine, seconds(10));
    EXPECT_EQ(clock.at(wrong).offset, kTrue);
    EXPECT_EQ(clock.at(wrong).state, ClockState::service);
    EXPECT_EQ(clock.look(wrong).disagreement, true);
    EXPECT_EQ(clock.look(wrong).disagreement, std::nullopt) << "told once";

    const Stamp right = at(seconds(20), milliseconds(100));
    clock.kernel(true, right);
    EXPECT_EQ(clock.look(right).disagreement, false);
    EXPECT_EQ(clock.at(right).state, ClockState::synced);
    EXPECT_EQ(clock.at(right).offset, kTrue + milliseconds(100));
    EXPECT_EQ(clock.look(right).disagreement, std::nullopt);
}

TEST(TrueClock, BelievesASynchronisedKernelWithinFiveSecondsOfTheService) {
    TrueClock clock(at(seconds(1), milliseconds(5'000)));
    const Stamp now = at(seconds(10), milliseconds(5'000));
    clock.kernel(true, now);
    clock.service_time(kTrue + seconds(10), kFine, seconds(10));
    EXPECT_EQ(clock.at(now).offset, kTrue + milliseconds(5'000));
    EXPECT_FALSE(clock.look(now).disagreement);
}

TEST(TrueClock, DoesNotHoldAnOldAnchorAgainstTheKernel) {
    TrueClock clock(at(seconds(1)));
    clock.service_time(kTrue + seconds(10), kFine, seconds(10));
    const Stamp month_later = at(hours(24 * 30), seconds(60));
    clock.kernel(true, month_later);
    EXPECT_EQ(clock.at(month_later).state, ClockState::synced);
}

TEST(TrueClock, TellsTheFirstTrueOffsetAndWhatItCorrects) {
    TrueClock clock(in_1970(seconds(1)));
    clock.service_time(kTrue + seconds(10), kFine, seconds(10));
    const auto change = clock.look(in_1970(seconds(10))).offset;
    ASSERT_TRUE(change);
    EXPECT_EQ(change->from, milliseconds(0));
    EXPECT_EQ(change->to, kTrue);
    EXPECT_TRUE(change->corrected);
    EXPECT_FALSE(clock.look(in_1970(seconds(11))).offset) << "told once";
}

TEST(TrueClock, TellsTheFirstTrueOffsetEvenIfItCorrectsNothing) {
    TrueClock clock(at(seconds(1)));
    clock.kernel(true, at(seconds(1)));
    const auto change = clock.look(at(seconds(1))).offset;
    ASSERT_TRUE(change);
    EXPECT_EQ(change->to, kTrue);
    EXPECT_FALSE(change->corrected);
}

TEST(TrueClock, ChangesItsOffsetByTenthsOfASecondAndMoreOnly) {
    TrueClock clock(at(seconds(1)));
    clock.kernel(true, at(seconds(1)));
    clock.look(at(seconds(1)));
    for (int ahead = -99; ahead <= 99; ++ahead) {
        EXPECT_EQ(clock.at(at(seconds(2), milliseconds(ahead))).offset, kTrue);
        EXPECT_FALSE(clock.look(at(seconds(2), milliseconds(ahead))).offset);
    }
    const auto change = clock.look(at(seconds(3), milliseconds(100))).offset;
    ASSERT_TRUE(change);
    EXPECT_EQ(change->from, kTrue);
    EXPECT_EQ(change->to, kTrue + milliseconds(100));
    EXPECT_FALSE(change->corrected);
}

TEST(TrueClock, GoesOnFromWhatAnEarlierRunInThisBootKnew) {
    TrueClock clock(in_1970(seconds(100)), kTrue);
    clock.kernel(false, in_1970(seconds(100)));
    EXPECT_EQ(clock.at(in_1970(seconds(100))).offset, kTrue);
    EXPECT_FALSE(clock.look(in_1970(seconds(100))).offset) << "it was told already";
    clock.service_time(kTrue + seconds(101) + milliseconds(99), kFine, seconds(101));
    EXPECT_EQ(clock.at(in_1970(seconds(102))).offset, kTrue);
    clock.kernel(true, at(seconds(103), milliseconds(1'500)));
    const auto change = clock.look(at(seconds(103), milliseconds(1'500))).offset;
    ASSERT_TRUE(change);
    EXPECT_EQ(change->from, kTrue);
    EXPECT_EQ(change->to, kTrue + milliseconds(1'500));
    EXPECT_TRUE(change->corrected);
}

TEST(TrueClock, StepsOfAWallClockThatNobodyTrustsChangeNothing) {
    TrueClock clock(in_1970(seconds(1)));
    clock.kernel(false, in_1970(seconds(1)));
    clock.service_time(kTrue + seconds(10), kFine, seconds(10));
    clock.look(in_1970(seconds(10)));
    for (const milliseconds ahead : {milliseconds(hours(24)), milliseconds(hours(-24)), milliseconds(-3'000)}) {
        EXPECT_EQ(clock.at(at(seconds(20), ahead)).offset, kTrue);
        EXPECT_FALSE(clock.look(at(seconds(20), ahead)).offset);
    }
}

}  // namespace
}  // namespace fieldlink
