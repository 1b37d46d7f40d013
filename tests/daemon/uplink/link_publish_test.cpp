#include <gmock/gmock.h>

#include "link_fixture.hpp"

namespace fieldlink::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string id(int seq) {
    return "gw:e1:" + std::to_string(seq);
}

class LinkPublishTest : public LinkTest {
protected:
    void owe(int first, int last, std::size_t bytes = FakeOutbox::kFillsAFrame) {
        for (int seq = first; seq <= last; ++seq)
            outbox.owe(seq, bytes);
    }
};

TEST_F(LinkPublishTest, HasNoMorePublishesUnderWayThanTheWindowHolds) {
    for (int seq = 1; seq <= 100; ++seq)
        outbox.owe(seq, 2, "fleet/gw/" + std::to_string(seq));
    expect_connection_and_subscription();
    for (int seq = 1; seq <= 63; ++seq)
        cloud.expect_publish(id(seq));
    cloud.expect_publish(id(64)).ack();
    cloud.expect_publish(id(65));

    run();
    loop.pass(seconds(1));

    EXPECT_EQ(link->status().in_flight, SendWindow::kMaxPublishes);
    EXPECT_EQ(outbox.owed().size(), 99u);
}

TEST_F(LinkPublishTest, HasNoMoreBytesUnderWayThanTheWindowHolds) {
    owe(1, 30, 60'000);
    expect_connection_and_subscription();
    for (int seq = 1; seq <= 17; ++seq)
        cloud.expect_publish(id(seq));

    run();
    loop.pass(seconds(1));

    EXPECT_EQ(link->status().in_flight, 17u);
}

TEST_F(LinkPublishTest, NeverSendsFasterThanTheRate) {
    config.uplink.rate = {10, 20};
    owe(1, 60);
    expect_connection_and_subscription();
    for (int seq = 1; seq <= 60; ++seq)
        cloud.expect_publish(id(seq)).ack();

    run();

    for (std::size_t first = 0; first < cloud.frames.size(); ++first)
        for (std::size_t last = first; last < cloud.frames.size(); ++last) {
            const auto time = std::chrono::duration<double>(cloud.frames[last] - cloud.frames[first]).count();
            ASSERT_LE(static_cast<double>(last - first + 1), 20 + 10 * time + 1) << first << " to " << last;
        }
    EXPECT_GE(cloud.frames.back() - cloud.frames.front(), seconds(4));
    EXPECT_LE(cloud.frames.back() - cloud.frames.front(), seconds(5));
}

TEST_F(LinkPublishTest, PublishesMoreSlowlyAfterTheServiceComplained) {
    config.uplink.rate = {10, 20};
    expect_connection();
    cloud.expect_subscribe("fleet/gw/cmd").ack().close(4011);
    expect_connection_and_subscription();
    run();
    owe(1, 30);
    for (int seq = 1; seq <= 30; ++seq)
        cloud.expect_publish(id(seq)).ack();
    const Instant begin = loop.now();
    link->more_is_owed();

    run_script();

    EXPECT_GE(loop.now() - begin, seconds(3));  // 9 or 10 of the burst, the rest at about 5 a second
}

TEST_F(LinkPublishTest, SettlesAcksThatArriveTogetherInOneGo) {
    without_ramp();
    owe(1, 3);
    expect_connection_and_subscription();
    for (int seq = 1; seq <= 3; ++seq)
        cloud.expect_publish(id(seq)).ack();

    run();

    EXPECT_THAT(outbox.settled, ElementsAre(ElementsAre(1, 2, 3)));
}

TEST_F(LinkPublishTest, NeverSendsAFrameThatTheServiceWouldFindTooBig) {
    outbox.owe(1, 3000);
    outbox.owe(2, 2);
    cloud.expect_connect().welcome(R"(,"maxMessageSize":2000)");
    cloud.expect_subscribe("fleet/gw/cmd").ack();
    cloud.expect_publish(id(2)).ack();
    run();
    loop.pass(seconds(1));
    EXPECT_THAT(outbox.owed(), ElementsAre(1));
    EXPECT_THAT(link->status().last_error, HasSubstr("have the limit raised"));

    cloud.close_now(1006);
    cloud.expect_connect().welcome(R"(,"maxMessageSize":4000)");
    cloud.expect_subscribe("fleet/gw/cmd").ack();
    cloud.expect_publish(id(1)).ack();
    run_script();
    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkPublishTest, TriesARefusedMessageAgainWhileTheOthersGoOn) {
    owe(1, 2);
    expect_connection_and_subscription();
    cloud.expect_publish(id(1)).error("something_new");
    cloud.expect_publish(id(2)).ack();
    cloud.expect_publish(id(1)).error("something_new");
    cloud.expect_publish(id(1)).ack();
    run();

    loop.pass(seconds(1));
    EXPECT_THAT(outbox.owed(), IsEmpty());
    EXPECT_EQ(cloud.frames[3] - cloud.frames[1], seconds(1));
    EXPECT_EQ(cloud.frames[4] - cloud.frames[3], seconds(2));
}

TEST_F(LinkPublishTest, HoldsAChannelThatIsNotAuthorisedAndDropsNothing) {
    outbox.owe(1);
    outbox.owe(2, 2, "fleet/gw/cmd/result");
    expect_connection_and_subscription();
    cloud.expect_publish(id(1)).error("channel_not_authorized");
    cloud.expect_publish(id(2)).ack();
    run();
    outbox.owe(3);  // on the held channel
    link->more_is_owed();
    loop.pass(seconds(30));
    EXPECT_THAT(outbox.owed(), ElementsAre(1, 3));

    cloud.expect_publish(id(1)).ack();
    cloud.expect_publish(id(3)).ack();
    run_script();
    EXPECT_GE(cloud.frames.back() - cloud.frames.front(), minutes(1));
    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkPublishTest, HoldsEverythingOverTheQuotaAndKeepsReceiving) {
    owe(1, 2);
    expect_connection_and_subscription();
    cloud.expect_publish(id(1)).error("over_message_quota");
    cloud.expect_publish(id(2)).error("over_message_quota");
    run();
    owe(3, 3);
    link->more_is_owed();
    cloud.say(R"({"type":"message","channel":"fleet/gw/cmd","from":"ops","data":{"type":"ping"}})");
    loop.pass(minutes(4));
    EXPECT_EQ(outbox.commands.size(), 1u);

    for (int seq = 1; seq <= 3; ++seq)
        cloud.expect_publish(id(seq)).ack();
    run_script();
    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkPublishTest, DoesNotSendAgainWhatIsUnderWayWhenItTakesAllAgain) {
    owe(1, 2);
    expect_connection_and_subscription();
    cloud.expect_publish(id(1)).error("malformed_message");
    cloud.expect_publish(id(2));  // its ack takes longer than the refused message is held
    cloud.expect_publish(id(1)).ack();

    run();
    loop.pass(seconds(2));
    cloud.say(R"({"type":"ack","requestId":")" + cloud.request_ids[2] + "\"}");
    loop.pass(seconds(5));

    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkPublishTest, DoesNotCallASlowLinkDeadWhileBytesLeave) {
    outbox.owe(1, 60'000);
    expect_connection_and_subscription();
    cloud.expect_publish(id(1));
    run();
    for (cloud.unsent = 60'000; cloud.unsent > 0; cloud.unsent -= 2'000)
        loop.pass(seconds(1));
    EXPECT_EQ(link->status().state, UplinkState::connected);

    cloud.expect_close(4000);
    const Instant left = loop.now();
    run_script();
    EXPECT_LE(loop.now() - left, seconds(12));
}

TEST_F(LinkPublishTest, TakesForDeadALinkOnWhichNothingMoves) {
    outbox.owe(1, 60'000);
    expect_connection_and_subscription();
    cloud.expect_publish(id(1));
    cloud.unsent = 30'000;
    cloud.expect_close(4000);
    const Instant begin = loop.now();

    run();

    EXPECT_LE(loop.now() - begin, seconds(12));
}

TEST_F(LinkPublishTest, AsksOnceAtATimeAndNotAtAllWhenNothingIsOwed) {
    expect_connection_and_subscription();
    run();
    loop.pass(minutes(2));
    EXPECT_EQ(outbox.takes, 1u);
    link->more_is_owed();
    link->more_is_owed();
    loop.pass(seconds(1));
    EXPECT_EQ(outbox.takes, 2u);
}

TEST_F(LinkPublishTest, SendsMessagesOnceThoughTheirOfferCameAfterTheConnectionEnded) {
    owe(1, 2);
    outbox.keep_offers_back(true);
    expect_connection();
    cloud.expect_subscribe("fleet/gw/cmd").ack().drop_connection();
    run();
    EXPECT_EQ(outbox.takes, 1u);

    outbox.keep_offers_back(false);
    expect_connection_and_subscription();
    cloud.expect_publish(id(1)).ack();
    cloud.expect_publish(id(2)).ack();
    run_script();
    loop.pass(seconds(5));

    EXPECT_EQ(link->status().published_frames, 2u);
}

}  // namespace
}  // namespace fieldlink::test
