#include <algorithm>

#include <gmock/gmock.h>

#include "coalescing_fixture.hpp"

namespace fieldlink::test {
namespace {

using std::chrono::seconds;
using ::testing::IsEmpty;

class LinkRampTest : public CoalescingTest {
protected:
    /// Each in a frame of its own.
    void owe_apart(int first, int last) {
        for (int seq = first; seq <= last; ++seq)
            outbox.owe(seq, 2, "fleet/gw/" + std::to_string(seq));
    }

    /// Frames in each second after the first one.
    std::vector<int> frames_by_second(std::size_t first_frame) const {
        std::vector<int> counts;
        for (std::size_t i = first_frame; i < cloud.frames.size(); ++i) {
            const auto second = static_cast<std::size_t>((cloud.frames[i] - cloud.frames[first_frame]) / seconds(1));
            counts.resize(std::max(counts.size(), second + 1));
            ++counts[second];
        }
        return counts;
    }
};

TEST_F(LinkRampTest, StartsAtTenFramesASecondAndDoublesUpToTheRate) {
    owe_apart(1, 600);
    expect_connection_and_subscription();
    cloud.ack_all_that_follows();
    run();
    loop.pass(milliseconds(500));
    EXPECT_TRUE(link->status().ramping);
    EXPECT_EQ(link->status().rate, 10);
    loop.pass(seconds(10));

    const auto counts = frames_by_second(1);
    EXPECT_NEAR(counts[0], 10, 1);
    EXPECT_NEAR(counts[1], 20, 2);
    EXPECT_NEAR(counts[2], 40, 3);
    EXPECT_FALSE(link->status().ramping);
    EXPECT_EQ(link->status().rate, 80);
    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkRampTest, RampsUpAgainOnTheNextConnection) {
    owe_apart(1, 900);
    expect_connection_and_subscription();
    cloud.ack_all_that_follows();
    run();
    loop.pass(seconds(5));
    ASSERT_FALSE(link->status().ramping);
    cloud.close_now(1006);
    expect_connection_and_subscription();
    run_script();
    const std::size_t first = cloud.frames.size();
    loop.pass(milliseconds(900));
    EXPECT_TRUE(link->status().ramping);
    EXPECT_LE(cloud.frames.size() - first, 10u);
}

TEST_F(LinkRampTest, HoldsUpNoGapRecordAndNoResult) {
    owe_apart(100, 700);
    expect_connection_and_subscription();
    cloud.ack_all_that_follows();
    run();
    loop.pass(milliseconds(250));
    outbox.owe_kind(1, Kind::result, 100, "fleet/gw/cmd/result");
    outbox.owe_kind(2, Kind::gap, 100);
    link->more_is_owed();
    loop.pass(milliseconds(40));  // before the ramp's next frame

    const auto sent = [this](const std::string& id) {
        return std::count(cloud.published.begin(), cloud.published.end(), id);
    };
    EXPECT_EQ(sent("gw:e1:1"), 1);
    EXPECT_EQ(sent("gw:e1:2"), 1);
    EXPECT_EQ(cloud.published.size(), 5u);
}

/// The service's bucket: 200 at the connection's begin and 100 a second, for every frame.
TEST_F(LinkRampTest, NeverMakesTheServicesOwnBucketRunDry) {
    owe_apart(1, 1200);
    expect_connection_and_subscription();
    cloud.ack_all_that_follows();
    run();
    loop.pass(seconds(20));
    owe_apart(1201, 1600);  // after the bucket has filled up
    link->more_is_owed();
    loop.pass(seconds(30));

    ASSERT_THAT(outbox.owed(), IsEmpty());
    double tokens = 200;
    Instant last = cloud.frames.front();
    for (const Instant frame : cloud.frames) {
        tokens = std::min(200.0, tokens + 100 * std::chrono::duration<double>(frame - last).count()) - 1;
        ASSERT_GE(tokens, 0);
        last = frame;
    }
}

}  // namespace
}  // namespace fieldlink::test
