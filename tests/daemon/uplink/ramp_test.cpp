#include "daemon/uplink/ramp.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Instant kStart = Instant() + std::chrono::hours(1);

/// Sends whatever the ramp allows for a second, and acks each frame so long after it was sent.
unsigned frames_in_a_second(Ramp& ramp, Instant begin, milliseconds ack_after) {
    unsigned frames = 0;
    for (Instant now = begin; now < begin + seconds(1); now = ramp.ready_at(now)) {
        ramp.take(now);
        ++frames;
        if (frames == 1000) break;
    }
    ramp.acked(ack_after, begin + seconds(1));
    return frames;
}

TEST(Ramp, DoublesEverySecondOfQuickAcksUntilItIsOutOfTheWay) {
    Ramp ramp;
    ramp.restart(80, kStart);
    EXPECT_EQ(frames_in_a_second(ramp, kStart, milliseconds(50)), 10u);
    EXPECT_EQ(frames_in_a_second(ramp, kStart + seconds(1), milliseconds(50)), 20u);
    EXPECT_EQ(frames_in_a_second(ramp, kStart + seconds(2), milliseconds(50)), 40u);
    EXPECT_FALSE(ramp.is_ramping());
    EXPECT_EQ(ramp.ready_at(kStart + seconds(3)), kStart + seconds(3));
}

TEST(Ramp, StaysWhereItIsWhileOneAckOfTheSecondIsSlow) {
    Ramp ramp;
    ramp.restart(80, kStart);
    ramp.acked(milliseconds(1001), kStart + milliseconds(300));
    EXPECT_EQ(frames_in_a_second(ramp, kStart, milliseconds(50)), 10u);
    EXPECT_EQ(ramp.rate(), 10);
    EXPECT_EQ(frames_in_a_second(ramp, kStart + seconds(1), milliseconds(1000)), 10u);
    EXPECT_EQ(ramp.rate(), 20) << "a second that is exactly met is quick";
}

TEST(Ramp, DoesNotGrowWithoutAnyAck) {
    Ramp ramp;
    ramp.restart(80, kStart);
    ramp.take(kStart);
    EXPECT_EQ(ramp.ready_at(kStart + seconds(60)), kStart + seconds(60));
    EXPECT_EQ(ramp.rate(), 10);
}

TEST(Ramp, IsOutOfTheWayFromTheBeginningWhereTheFullRateIsLow) {
    Ramp ramp;
    ramp.restart(5, kStart);
    EXPECT_FALSE(ramp.is_ramping());
    ramp.take(kStart);
    EXPECT_EQ(ramp.ready_at(kStart), kStart);
}

TEST(Ramp, BeginsAnewWithEveryConnection) {
    Ramp ramp;
    ramp.restart(80, kStart);
    for (int i = 1; i <= 3; ++i)
        ramp.acked(milliseconds(1), kStart + seconds(i));
    EXPECT_FALSE(ramp.is_ramping());
    ramp.restart(80, kStart + seconds(9));
    EXPECT_TRUE(ramp.is_ramping());
    EXPECT_EQ(ramp.rate(), 10);
}

}  // namespace
}  // namespace fieldlink
