#include <gmock/gmock.h>

#include "coalescing_fixture.hpp"

namespace fieldlink::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

using LinkHoldingTest = CoalescingTest;

TEST_F(LinkHoldingTest, GivesBackExactlyWhatItHoldsWhenTheConnectionEnds) {
    owe_small(1, 2);
    outbox.owe(3, 100, "fleet/gw/other");
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1, 2})).ack();
    cloud.expect_publish(ids({3})).error("something_new");
    run();
    owe_small(4, 5);
    cloud.expect_publish(ids({4, 5})).drop_connection();
    link->more_is_owed();
    run_script();

    EXPECT_THAT(outbox.settled, ElementsAre(ElementsAre(1, 2)));
    EXPECT_THAT(outbox.ended, ElementsAre(UnorderedElementsAre(3, 4, 5)));
    EXPECT_EQ(outbox.taken(), 0u);
}

TEST_F(LinkHoldingTest, GivesBackNothingWhenAConnectionEndsWithoutAWelcome) {
    cloud.expect_connect().drop_connection();
    run();
    EXPECT_THAT(outbox.ended, IsEmpty());
}

TEST_F(LinkHoldingTest, GivesBackOnlyWhatWasHeldWhenItIsDue) {
    owe_small(1, 1);
    outbox.owe(2, 100, "fleet/gw/other");
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1})).error("something_new");
    cloud.expect_publish(ids({2}));
    cloud.expect_publish(ids({1})).ack();

    run();

    EXPECT_THAT(outbox.given_back, ElementsAre(ElementsAre(1)));
    EXPECT_EQ(link->status().in_flight, 1u);
}

TEST_F(LinkHoldingTest, GivesBackAnOfferThatComesForAConnectionThatEnded) {
    owe_small(1, 2);
    outbox.keep_offers_back(true);
    expect_connection();
    cloud.expect_subscribe("fleet/gw/cmd").ack().drop_connection();
    run();
    EXPECT_THAT(outbox.ended, ElementsAre(IsEmpty()));

    outbox.keep_offers_back(false);
    loop.pass(milliseconds(0));
    owe_small(0, 0);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({0, 1, 2})).ack();
    run_script();

    EXPECT_THAT(outbox.given_back, ElementsAre(ElementsAre(1, 2)));
}

TEST_F(LinkHoldingTest, TriesAHeldChannelWithOnePublishAndNotWithAWindowFull) {
    without_ramp();
    for (int seq = 1; seq <= 3; ++seq)
        outbox.owe(seq, FakeOutbox::kFillsAFrame);
    expect_connection_and_subscription();
    for (int seq = 1; seq <= 3; ++seq)
        cloud.expect_publish(ids({seq})).error("channel_not_authorized");
    cloud.expect_publish(ids({1})).error("channel_not_authorized");
    cloud.expect_publish(ids({1})).ack();
    cloud.expect_publish(ids({2})).ack();
    cloud.expect_publish(ids({3})).ack();

    run();

    EXPECT_THAT(outbox.owed(), IsEmpty());
    EXPECT_GE(cloud.frames.back() - cloud.frames.front(), minutes(3));
}

TEST_F(LinkHoldingTest, DropsNothingInTenMinutesWithoutAuthorisation) {
    owe_small(1, 5);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1, 2, 3, 4, 5})).error("channel_not_authorized");
    for (int i = 0; i < 3; ++i)  // after 1, 2 and 4 minutes more
        cloud.expect_publish(ids({1})).error("channel_not_authorized");
    run();
    owe_small(6, 9);
    link->more_is_owed();
    loop.pass(minutes(3));
    expect_one_by_one({1, 2, 3, 4, 5});
    cloud.expect_publish(ids({6, 7, 8, 9})).ack();
    run_script();

    EXPECT_THAT(outbox.owed(), IsEmpty());
    EXPECT_THAT(outbox.refused, IsEmpty());
    EXPECT_GE(cloud.frames.back() - cloud.frames.front(), minutes(10));
}

TEST_F(LinkHoldingTest, BlamesNoMessageWhenTheQuotaIsUsedUp) {
    owe_small(1, 3);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1, 2, 3})).error("over_message_quota");
    cloud.expect_publish(ids({1, 2, 3})).ack();

    run();

    EXPECT_GE(cloud.frames.back() - cloud.frames.front(), minutes(5));
    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkHoldingTest, TriesWithOnePublishWhetherThereIsQuotaAgain) {
    without_ramp();
    for (int seq = 1; seq <= 3; ++seq)
        outbox.owe(seq, FakeOutbox::kFillsAFrame);
    expect_connection_and_subscription();
    for (int seq = 1; seq <= 3; ++seq)
        cloud.expect_publish(ids({seq})).error("over_message_quota");
    cloud.expect_publish(ids({1})).error("over_message_quota");
    for (const int seq : {2, 3, 1})
        cloud.expect_publish(ids({seq})).ack();

    run();

    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkHoldingTest, GoesOnWhenThePublishThatTriesTheQuotaIsRefusedForAnotherReason) {
    owe_small(1, 3);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1, 2, 3})).error("over_message_quota");
    cloud.expect_publish(ids({1, 2, 3})).error("something_new");
    expect_one_by_one({1, 2, 3});

    run();

    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkHoldingTest, DoublesTheDelayAfterAnUnknownCodeUpToAMinute) {
    owe_small(1, 1);
    expect_connection_and_subscription();
    for (int i = 0; i < 9; ++i)
        cloud.expect_publish(ids({1})).error("something_new");

    run();

    // 1 + 2 + 4 + 8 + 16 + 32 + 60 + 60 seconds
    EXPECT_EQ(cloud.frames.back() - cloud.frames.front(), seconds(183));
    EXPECT_THAT(outbox.owed(), ElementsAre(1));
}

}  // namespace
}  // namespace fieldlink::test
