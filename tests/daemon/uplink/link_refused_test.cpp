#include <gmock/gmock.h>

#include "coalescing_fixture.hpp"

namespace fieldlink::test {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// What is refused for good: only what, sent alone, twice drew an answer about itself on two connections, while another
/// message of its channel was acked between.
class LinkRefusedTest : public CoalescingTest {
protected:
    /// Message 1 is refused alone, as `how` says, on one connection; 2 is acked on the next before it comes again.
    void refuse_once(const std::string& code) {
        owe_small(1, 1);
        expect_connection_and_subscription();
        cloud.expect_publish(ids({1})).error(code).drop_connection();
        expect_connection_and_subscription();
        run();
        owe_small(2, 2);
        cloud.expect_publish(ids({2})).ack();
        link->more_is_owed();
        run_script();
    }
};

TEST_F(LinkRefusedTest, GivesUpAMessageThatWasMalformedOnTwoConnectionsWhileAnotherWasAcked) {
    refuse_once("malformed_message");
    cloud.expect_publish(ids({1})).error("malformed_message");
    run_script();

    ASSERT_EQ(outbox.refused.size(), 1u);
    EXPECT_EQ(outbox.refused[0].position, 1);
    EXPECT_TRUE(outbox.refused[0].whole);
    EXPECT_THAT(link->status().last_error, HasSubstr("message 1 on fleet/gw/telemetry"));
    EXPECT_THAT(link->status().last_error, HasSubstr("malformed_message"));
    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkRefusedTest, GoesOnWithAHeldChannelWhenTheMessageThatTriesItIsGivenUp) {
    refuse_once("malformed_message");
    owe_small(3, 3);
    cloud.expect_publish(ids({3})).error("channel_not_authorized");
    link->more_is_owed();
    run_script();
    cloud.expect_publish(ids({1})).error("malformed_message");
    cloud.expect_publish(ids({3})).ack();
    run_script();

    EXPECT_EQ(outbox.refused.size(), 1u);
    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkRefusedTest, GivesUpNothingOnOneConnection) {
    owe_small(1, 1);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1})).error("missing_data");
    run();
    owe_small(2, 2);
    cloud.expect_publish(ids({2})).ack();
    link->more_is_owed();
    run_script();
    for (int i = 0; i < 3; ++i)
        cloud.expect_publish(ids({1})).error("missing_data");
    run_script();
    EXPECT_THAT(outbox.refused, IsEmpty());
}

TEST_F(LinkRefusedTest, GivesUpNothingForAnyOtherCode) {
    refuse_once("something_new");
    cloud.expect_publish(ids({1})).error("something_new");
    run_script();
    EXPECT_THAT(outbox.refused, IsEmpty());
    EXPECT_THAT(outbox.owed(), ElementsAre(1));
}

TEST_F(LinkRefusedTest, RetriesSlowlyWhenTheSuspectIsAllThereIs) {
    owe_small(1, 1);
    for (int i = 0; i < 6; ++i) {
        expect_connection_and_subscription();
        cloud.expect_publish(ids({1})).close(1007);
    }
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1})).ack();

    run();

    EXPECT_THAT(outbox.refused, IsEmpty());
    EXPECT_THAT(outbox.owed(), IsEmpty());
    EXPECT_GE(cloud.connects[6] - cloud.connects[5], seconds(16));
}

TEST_F(LinkRefusedTest, NeverGivesUpGapRecordsAndResults) {
    outbox.owe_kind(20, Kind::gap, 100);
    outbox.owe_kind(30, Kind::result, 100);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({20, 30})).error("malformed_message");
    run();
    for (int connection = 0; connection < 3; ++connection) {
        cloud.expect_publish(ids({20})).error("malformed_message");
        cloud.expect_publish(ids({30})).error("malformed_message").drop_connection();
        expect_connection_and_subscription();
        run_script();
        outbox.owe(100 + connection, 100);
        link->more_is_owed();
        cloud.expect_publish(ids({100 + connection})).ack();
        run_script();
    }
    EXPECT_THAT(outbox.refused, IsEmpty());
    EXPECT_THAT(outbox.owed(), ElementsAre(20, 30));
}

TEST_F(LinkRefusedTest, FindsTheOneThatEndsConnectionsAndTakesNobodyElseForIt) {
    owe_small(1, 3);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1, 2, 3})).close(1007);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1})).ack();
    cloud.expect_publish(ids({2})).close(1007);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({3})).ack();
    cloud.expect_publish(ids({2})).close(1007);
    expect_connection_and_subscription();

    run();

    ASSERT_EQ(outbox.refused.size(), 1u);
    EXPECT_EQ(outbox.refused[0].position, 2);
    EXPECT_THAT(outbox.owed(), IsEmpty());
    EXPECT_THAT(link->status().last_error, HasSubstr("1007"));
}

TEST_F(LinkRefusedTest, SendsASuspectWithNothingElseUnderWay) {
    without_ramp();
    owe_small(1, 2);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1, 2})).close(1007);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1}));  // not answered yet
    run();
    outbox.owe(3, 100, "fleet/gw/other");
    link->more_is_owed();
    loop.pass(seconds(5));
    EXPECT_EQ(link->status().in_flight, 1u);

    cloud.expect_publish(ids({2})).ack();
    cloud.expect_publish(ids({3})).ack();
    cloud.say(R"({"type":"ack","requestId":")" + cloud.request_ids.back() + "\"}");
    run_script();
    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkRefusedTest, ChargesNobodyWhenSeveralWereUnderWay) {
    without_ramp();
    outbox.owe(1, FakeOutbox::kFillsAFrame);
    outbox.owe(2, FakeOutbox::kFillsAFrame);
    for (int i = 0; i < 2; ++i) {
        expect_connection_and_subscription();
        cloud.expect_publish(ids({1}));
        cloud.expect_publish(ids({2})).close(1007);
        if (i == 1) break;
        expect_connection_and_subscription();
        cloud.expect_publish(ids({1})).ack();
        cloud.expect_publish(ids({2})).ack();
        run();
        outbox.owe(1, FakeOutbox::kFillsAFrame);
        outbox.owe(2, FakeOutbox::kFillsAFrame);
        cloud.close_now(1006);
    }
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1})).ack();
    cloud.expect_publish(ids({2})).ack();
    run_script();
    EXPECT_THAT(outbox.refused, IsEmpty());
}

TEST_F(LinkRefusedTest, GivesUpWhatCannotBeSplitAfterItWasTooBigTwice) {
    outbox.owe_readings(1, 1, 3000);
    owe_small(2, 2);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1, 2})).close(1009);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1})).close(1009);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({2})).ack();
    cloud.expect_publish(ids({1})).close(1009);
    expect_connection_and_subscription();

    run();

    ASSERT_EQ(outbox.refused.size(), 1u);
    EXPECT_EQ(outbox.refused[0].position, 1);
}

TEST_F(LinkRefusedTest, GivesUpOneReadingOfAMessageThatWasTooBigTwice) {
    outbox.owe_readings(1, 1, 100);
    outbox.add_reading(1, "big", 3000);
    owe_small(2, 2);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1, 2})).close(1009);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1}) + "/0-0").ack();
    cloud.expect_publish(ids({1}) + "/1-1").close(1009);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({2})).ack();
    cloud.expect_publish(ids({1}) + "/1-1").close(1009);
    expect_connection_and_subscription();

    run();

    ASSERT_EQ(outbox.refused.size(), 1u);
    EXPECT_FALSE(outbox.refused[0].whole);
    EXPECT_EQ(outbox.refused[0].readings, 1u);
    EXPECT_THAT(outbox.owed(), IsEmpty());
}

}  // namespace
}  // namespace fieldlink::test
