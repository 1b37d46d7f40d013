#include <gmock/gmock.h>

#include "coalescing_fixture.hpp"

namespace fieldlink::test {
namespace {

using std::chrono::seconds;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Le;

class LinkPartsTest : public CoalescingTest {
protected:
    void expect_connection_with_limit(std::size_t bytes) {
        cloud.expect_connect().welcome(",\"maxMessageSize\":" + std::to_string(bytes));
        cloud.expect_subscribe("fleet/gw/cmd").ack();
    }

    ScriptedCloud::Expectation& expect_part(int seq, const std::string& readings) {
        return cloud.expect_publish(ids({seq}) + '/' + readings);
    }
};

TEST_F(LinkPartsTest, SendsAMessageThatFitsNoFrameInPartsAndSettlesItWhenAllAreAcked) {
    outbox.owe_readings(1, 8, 1000);
    expect_connection_with_limit(5'000);
    expect_part(1, "0-3").ack();
    expect_part(1, "4-7");
    run();
    EXPECT_THAT(outbox.settled, IsEmpty());
    EXPECT_THAT(cloud.sizes, Each(Le(5'000u)));

    cloud.say(R"({"type":"ack","requestId":")" + cloud.request_ids.back() + "\"}");
    loop.pass(seconds(0));
    EXPECT_THAT(outbox.settled, ElementsAre(ElementsAre(1)));
    EXPECT_EQ(link->status().acked_messages, 1u);
}

TEST_F(LinkPartsTest, SendsOnlyTheRestOnTheNextConnectionWithinTheSameBoundaries) {
    outbox.owe_readings(1, 8, 1000);
    expect_connection_with_limit(3'000);
    expect_part(1, "0-1").ack();
    expect_part(1, "2-3").ack();
    expect_part(1, "4-5").drop_connection();
    expect_connection_with_limit(60'000);
    expect_part(1, "4-5").ack();
    expect_part(1, "6-7").ack();

    run();

    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkPartsTest, SubdividesUnderALowerLimit) {
    outbox.owe_readings(1, 8, 1000);
    expect_connection_with_limit(5'000);
    expect_part(1, "0-3").ack();
    expect_part(1, "4-7").drop_connection();
    expect_connection_with_limit(3'000);
    expect_part(1, "4-5").ack();
    expect_part(1, "6-7").ack();

    run();

    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkPartsTest, CoalescesNoPartWithAnything) {
    owe_small(1, 1);
    outbox.owe_readings(2, 4, 1000);
    owe_small(3, 3);
    expect_connection_with_limit(3'000);
    cloud.expect_publish(ids({1})).ack();
    expect_part(2, "0-1").ack();
    expect_part(2, "2-3").ack();
    cloud.expect_publish(ids({3})).ack();

    run();

    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkPartsTest, SendsARefusedPartAgainAndNoneOfTheOthers) {
    outbox.owe_readings(1, 4, 1000);
    expect_connection_with_limit(3'000);
    expect_part(1, "0-1").error("something_new");
    run();
    expect_part(1, "0-1").ack();
    expect_part(1, "2-3").ack();
    run_script();
    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkPartsTest, SetsAMessageAsideOnceThoughSeveralOfItsPartsAreRefused) {
    outbox.owe_readings(1, 4, 1000);
    expect_connection_with_limit(3'000);
    expect_part(1, "0-1");
    expect_part(1, "2-3");
    run();
    const auto refuse = [this](std::size_t request, const std::string& code) {
        cloud.say(R"({"type":"error","code":")" + code + R"(","requestId":")" + cloud.request_ids[request] + "\"}");
    };
    refuse(1, "channel_not_authorized");
    refuse(2, "something_new");
    expect_part(1, "0-1").ack();
    expect_part(1, "2-3").ack();
    run_script();

    // When the channel is due, and again once the part that tried it was acked.
    EXPECT_THAT(outbox.given_back, ElementsAre(ElementsAre(1), ElementsAre(1)));
    EXPECT_THAT(outbox.settled, ElementsAre(ElementsAre(1)));
}

TEST_F(LinkPartsTest, GivesUpTheOneReadingThatFitsNoFrameAndSendsTheOthers) {
    outbox.owe_readings(1, 3, 300);
    outbox.owe_readings(2, 1, 3000);
    outbox.add_reading(1, "big", 3000);
    expect_connection_with_limit(2'000);
    expect_part(1, "0-1").ack();
    expect_part(1, "2-2").ack();

    run();
    loop.pass(seconds(1));

    ASSERT_EQ(outbox.refused.size(), 2u);
    const RefusedMessage &in_part = outbox.refused[0], &whole = outbox.refused[1];
    EXPECT_EQ(whole.position, 2);
    EXPECT_TRUE(whole.whole);
    EXPECT_EQ(in_part.position, 1);
    EXPECT_FALSE(in_part.whole);
    EXPECT_EQ(in_part.readings, 1u);
    EXPECT_THAT(in_part.sensors, ElementsAre("big"));
    EXPECT_THAT(outbox.settled, IsEmpty());
    EXPECT_EQ(link->status().refused_messages, 2u);
}

TEST_F(LinkPartsTest, KeepsWhatCannotBeSplitUntilTheServiceTakesIt) {
    outbox.owe_kind(1, Kind::event, 3000);
    outbox.owe_kind(2, Kind::result, 3000, "fleet/gw/cmd/result");
    outbox.owe_kind(3, Kind::gap, 3000);
    expect_connection_with_limit(2'000);
    run();
    loop.pass(seconds(5));
    EXPECT_THAT(outbox.refused, IsEmpty());
    EXPECT_THAT(link->status().last_error, HasSubstr("stays owed"));

    cloud.close_now(1006);
    expect_connection_with_limit(4'000);
    cloud.expect_publish(ids({2})).ack();
    cloud.expect_publish(ids({3})).ack();
    cloud.expect_publish(ids({1})).ack();
    run_script();
    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkPartsTest, NeverAgainSendsAFrameAsBigAsOneThatWasTooBig) {
    outbox.owe_readings(1, 8, 1000);
    expect_connection_with_limit(60'000);
    cloud.expect_publish(ids({1})).close(1009);  // some 8,500 bytes
    expect_connection_with_limit(60'000);
    expect_part(1, "0-1").ack();
    expect_part(1, "2-3").close(1009);
    expect_connection_with_limit(60'000);
    for (const char* reading : {"2-2", "3-3", "4-4", "5-5", "6-6", "7-7"})
        expect_part(1, reading).ack();

    run();

    EXPECT_THAT(outbox.owed(), IsEmpty());
    EXPECT_THAT(outbox.refused, IsEmpty());
}

TEST_F(LinkPartsTest, SendsOneReadingThatIsBiggerThanUsualWithNothingElseUnderWay) {
    outbox.owe_readings(1, 8, 400);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1})).close(1009);
    expect_connection_and_subscription();
    cloud.ack_all_that_follows();
    run();
    loop.pass(seconds(5));
    ASSERT_THAT(outbox.owed(), IsEmpty());

    outbox.owe(2, 100, "fleet/gw/other");
    cloud.expect_publish(ids({2}));  // not answered yet
    link->more_is_owed();
    run_script();
    outbox.owe_readings(3, 1, 3000);
    link->more_is_owed();
    loop.pass(seconds(2));
    EXPECT_EQ(link->status().in_flight, 1u);
    cloud.expect_publish(ids({3})).ack();
    cloud.say(R"({"type":"ack","requestId":")" + cloud.request_ids.back() + "\"}");
    run_script();
    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkPartsTest, LearnsTheSizeFromASharedFrameToo) {
    owe_small(1, 30);
    expect_connection_and_subscription();
    cloud
        .expect_publish(
            "gw:e1:1 gw:e1:2 gw:e1:3 gw:e1:4 gw:e1:5 gw:e1:6 gw:e1:7 gw:e1:8 gw:e1:9 gw:e1:10 gw:e1:11 gw:e1:12 "
            "gw:e1:13 gw:e1:14 gw:e1:15 gw:e1:16 gw:e1:17 gw:e1:18 gw:e1:19 gw:e1:20 gw:e1:21 gw:e1:22 gw:e1:23 "
            "gw:e1:24 gw:e1:25 gw:e1:26 gw:e1:27 gw:e1:28 gw:e1:29 gw:e1:30")
        .close(1009);
    const std::size_t shared = 1;  // frame
    expect_connection_and_subscription();
    for (int seq = 1; seq <= 30; ++seq)
        cloud.expect_publish(ids({seq})).ack();
    run();
    loop.pass(seconds(1));
    owe_small(31, 60);
    link->more_is_owed();
    cloud.ack_all_that_follows();
    const std::size_t before = cloud.sizes.size();
    loop.pass(seconds(5));

    EXPECT_THAT(outbox.owed(), IsEmpty());
    for (std::size_t i = before; i < cloud.sizes.size(); ++i)
        EXPECT_LE(cloud.sizes[i], cloud.sizes[shared] / 2);
}

}  // namespace
}  // namespace fieldlink::test
