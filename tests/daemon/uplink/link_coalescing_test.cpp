#include <algorithm>
#include <numeric>

#include <gmock/gmock.h>

#include "coalescing_fixture.hpp"

namespace fieldlink::test {
namespace {

using std::chrono::seconds;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Le;

using LinkCoalescingTest = CoalescingTest;

TEST_F(LinkCoalescingTest, OneAckSettlesAllThatSharedAPublish) {
    owe_small(1, 3);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1, 2, 3})).ack();

    run();

    EXPECT_THAT(outbox.settled, ElementsAre(ElementsAre(1, 2, 3)));
    EXPECT_EQ(link->status().acked_messages, 3u);
    EXPECT_EQ(link->status().published_frames, 1u);
}

TEST_F(LinkCoalescingTest, WaitsForNothingToFillAFrame) {
    without_ramp();
    owe_small(1, 1);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1}));
    run();
    owe_small(2, 3);
    const Instant offered = loop.now();
    link->more_is_owed();
    cloud.expect_publish(ids({2, 3}));

    run_script();

    EXPECT_EQ(cloud.frames.back(), offered);
    EXPECT_EQ(link->status().in_flight, 3u);
}

TEST_F(LinkCoalescingTest, SharesPerChannelWhenChannelsInterleave) {
    for (int seq = 1; seq <= 6; ++seq)
        outbox.owe(seq, 100, "fleet/gw/sensor" + std::to_string(seq % 2) + "/telemetry");
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1, 3, 5})).ack();
    cloud.expect_publish(ids({2, 4, 6})).ack();

    run();

    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkCoalescingTest, DrainsABacklogInFramesNearTheLimitOfTheService) {
    constexpr std::size_t kLimit = 65'536;
    config.uplink.rate = {10, 1};
    owe_small(1, 5000);
    cloud.expect_connect().welcome(R"(,"maxMessageSize":65536)");
    cloud.expect_subscribe("fleet/gw/cmd").ack();
    cloud.ack_all_that_follows();
    run();
    loop.pass(seconds(10));

    EXPECT_THAT(outbox.owed(), IsEmpty());
    EXPECT_THAT(cloud.sizes, Each(Le(kLimit)));
    const auto nearly_full =
        std::count_if(cloud.sizes.begin(), cloud.sizes.end(), [](auto size) { return size > 60'000; });
    EXPECT_GE(nearly_full, 10);
    EXPECT_LE(link->status().published_frames, 16u);
}

TEST_F(LinkCoalescingTest, KeepsOnlySoManyMessagesOnHandWhileNothingIsAnswered) {
    for (int seq = 1; seq <= 3000; ++seq)
        outbox.owe(seq, 2, "fleet/gw/" + std::to_string(seq));
    expect_connection_and_subscription();
    for (int seq = 1; seq <= static_cast<int>(SendWindow::kMaxPublishes); ++seq)
        cloud.expect_publish(ids({seq}));

    run();
    loop.pass(seconds(1));

    EXPECT_LE(outbox.taken(), SendWindow::kMaxPublishes + 512 + 512 / 2);
}

TEST_F(LinkCoalescingTest, FillsTheLastFrameNoFurtherThanTheWindowHasRoom) {
    without_ramp();
    for (int seq = 1; seq <= 16; ++seq)
        outbox.owe(seq, 64'000, "fleet/gw/big");
    owe_small(17, 100, 1000);
    expect_connection_and_subscription();
    for (int seq = 1; seq <= 16; ++seq)
        cloud.expect_publish(ids({seq}));
    cloud.expect_publish(ids({17, 18, 19, 20, 21, 22}));  // came with the last big ones
    cloud.expect_publish(ids({23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37}));

    run();
    loop.pass(seconds(1));

    const std::size_t sent = std::accumulate(cloud.sizes.begin() + 1, cloud.sizes.end(), std::size_t{0});
    EXPECT_LE(sent, SendWindow::kMaxBytes);
    EXPECT_GE(sent, SendWindow::kMaxBytes - 3000);
}

TEST_F(LinkCoalescingTest, LeavesOutWhatIsUnderWayWhenItTakesAllAgain) {
    outbox.owe(1, 100, "fleet/gw/other");
    outbox.owe(2, 100);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1})).error("malformed_message");
    cloud.expect_publish(ids({2}));  // its ack takes longer than the refused message is held
    run();
    outbox.owe(0, 100);
    outbox.owe(3, 100);
    cloud.expect_publish(ids({0, 3}));
    cloud.expect_publish(ids({1}));

    run_script();

    EXPECT_EQ(link->status().in_flight, 4u);
}

TEST_F(LinkCoalescingTest, SendsAReplayedMessageThatWasAckedBeforeItCouldBeTakenAgain) {
    outbox.owe(1, 100, "fleet/gw/other");
    outbox.owe(2, 100);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1})).error("malformed_message");
    cloud.expect_publish(ids({2}));
    run();
    outbox.keep_offers_back(true);
    link->more_is_owed();
    loop.pass(seconds(2));  // the refused message is due, but the storage thread is busy
    cloud.say(R"({"type":"ack","requestId":")" + cloud.request_ids[2] + "\"}");
    loop.pass(seconds(0));
    cloud.expect_publish(ids({1})).ack();
    outbox.keep_offers_back(false);
    run_script();

    outbox.owe(2, 100);
    cloud.expect_publish(ids({2})).ack();
    link->more_is_owed();
    run_script();

    EXPECT_THAT(outbox.owed(), IsEmpty());
}

}  // namespace
}  // namespace fieldlink::test
