#include <gmock/gmock.h>

#include "coalescing_fixture.hpp"

namespace fieldlink::test {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class LinkAloneTest : public CoalescingTest {
protected:
    /// Three that share a publish, which ends as `close` says.
    void lose_three(int close) {
        owe_small(1, 3);
        expect_connection_and_subscription();
        cloud.expect_publish(ids({1, 2, 3})).close(close);
        run();
    }
};

TEST_F(LinkAloneTest, SendsEachAloneAfterTheServiceRefusedThemTogether) {
    owe_small(1, 3);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1, 2, 3})).error("malformed_message");
    run();
    EXPECT_THAT(link->status().last_error, HasSubstr("refuses 3 messages (1 to 3)"));
    EXPECT_THAT(link->status().last_error, HasSubstr("each alone, in 1 s"));

    owe_small(4, 5);
    cloud.expect_publish(ids({4, 5})).ack();  // the others go on, and together
    link->more_is_owed();
    run_script();
    cloud.expect_publish(ids({1})).ack();
    cloud.expect_publish(ids({2})).error("malformed_message");
    cloud.expect_publish(ids({3})).ack();
    run_script();
    EXPECT_EQ(cloud.frames[3] - cloud.frames[1], seconds(1));
    EXPECT_THAT(outbox.owed(), ElementsAre(2));

    owe_small(6, 7);
    cloud.expect_publish(ids({6, 7})).ack();
    link->more_is_owed();
    run_script();
    owe_small(8, 9);
    cloud.expect_publish(ids({2})).ack();  // still alone, though others are on hand
    cloud.expect_publish(ids({8, 9})).ack();
    run_script();
    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkAloneTest, SharesAgainWhatIsNewOnceTheWholeChannelWasHeld) {
    owe_small(1, 2);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1, 2})).error("channel_not_authorized");
    run();
    const Instant refused = loop.now();
    owe_small(3, 4);
    expect_one_by_one({1, 2});
    cloud.expect_publish(ids({3, 4})).ack();

    run_script();

    EXPECT_THAT(outbox.owed(), IsEmpty());
    EXPECT_GE(loop.now() - refused, seconds(60));
}

TEST_F(LinkAloneTest, SendsEachAloneAfterACloseThatAFrameMayHaveCaused) {
    lose_three(1009);
    owe_small(4, 5);
    expect_connection_and_subscription();
    expect_one_by_one({1, 2, 3});
    cloud.expect_publish(ids({4, 5})).close(1007);
    expect_connection_and_subscription();
    expect_one_by_one({4, 5});

    run_script();

    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkAloneTest, SharesAgainAfterALossThatNoFrameCaused) {
    lose_three(1006);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1, 2, 3})).ack();
    run_script();
    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkAloneTest, SendsEachAloneAfterALateAck) {
    owe_small(1, 2);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1, 2}));
    cloud.expect_close(4000).close(4000);
    expect_connection_and_subscription();
    expect_one_by_one({1, 2});

    run();
    owe_small(3, 4);
    cloud.expect_publish(ids({3, 4})).ack();
    link->more_is_owed();
    run_script();

    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkAloneTest, BlamesNoMessageForALinkOnWhichNothingMoves) {
    owe_small(1, 2);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1, 2}));
    cloud.unsent = 500;
    cloud.expect_close(4000).close(4000);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1, 2})).ack();

    run();

    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkAloneTest, FindsTheOneThatCannotBeSentAndSendsTheOthers) {
    owe_small(1, 3);
    cloud.unsendable = "gw:e1:2";
    expect_connection_and_subscription();
    expect_one_by_one({1, 3});

    run();

    EXPECT_THAT(outbox.owed(), ElementsAre(2));
    EXPECT_THAT(link->status().last_error, HasSubstr("message 2 is not UTF-8"));
}

TEST_F(LinkAloneTest, LetsNoOtherMessageOfTheChannelPassOneThatGoesAlone) {
    owe_small(2, 3);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({2, 3})).close(1009);
    run();
    outbox.owe(1, 100);
    outbox.owe(4, 100);
    expect_connection_and_subscription();
    expect_one_by_one({1, 2, 3, 4});

    run_script();

    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkAloneTest, LetsAMessageShareAgainOnceItWasAckedAlone) {
    outbox.owe(1, 100, "fleet/gw/held");
    owe_small(2, 3);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1})).error("channel_not_authorized");
    cloud.expect_publish(ids({2, 3})).error("malformed_message");
    expect_one_by_one({2, 3});
    run();

    owe_small(2, 3);  // an operator has them sent again, while something else is still held
    cloud.expect_publish(ids({2, 3})).ack();
    link->more_is_owed();
    run_script();

    EXPECT_THAT(outbox.owed(), ElementsAre(1));
}

TEST_F(LinkAloneTest, ForgetsMessagesThatTheOutboxDroppedWhenNothingIsOwed) {
    owe_small(1, 2);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1, 2})).error("malformed_message");
    run();
    outbox.drop(1);
    expect_one_by_one({2});
    run_script();

    owe_small(1, 2);  // only to see that it is forgotten
    cloud.expect_publish(ids({1, 2})).ack();
    link->more_is_owed();
    run_script();

    EXPECT_THAT(outbox.owed(), IsEmpty());
}

}  // namespace
}  // namespace fieldlink::test
