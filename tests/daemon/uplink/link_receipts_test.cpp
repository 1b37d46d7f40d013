#include <map>
#include <sstream>

#include <gmock/gmock.h>

#include "coalescing_fixture.hpp"

namespace fieldlink::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LinkReceiptsTest : public CoalescingTest {
protected:
    LinkReceiptsTest() { config.uplink.confirm = Confirm::receipt; }

    void confirm(std::int64_t first, std::int64_t last, const std::string& epoch = "e1") {
        outbox.inside_a_call = true;
        link->receipt({epoch, {{first, last}}});
        outbox.inside_a_call = false;
    }

    /// How often each message was published.
    std::map<std::string, int> publishes() const {
        std::map<std::string, int> counts;
        for (const std::string& ids : cloud.published) {
            std::istringstream words(ids);
            for (std::string id; words >> id;)
                ++counts[id];
        }
        return counts;
    }

    int republished() const {
        int more = 0;
        for (const auto& [id, count] : publishes())
            more += count - 1;
        return more;
    }

    /// A message a second; a consumer that is up confirms what was published so far.
    void live_through(int first, int last, bool consumer_is_up) {
        for (int seq = first; seq <= last; ++seq) {
            owe_small(seq, seq);
            link->more_is_owed();
            loop.pass(seconds(1));
            if (consumer_is_up) confirm(1, seq);
            loop.pass(seconds(0));
        }
    }

    /// 500 messages more than may await their receipts, none of which comes.
    void send_more_than_may_wait() {
        owe_small(1, most + 500, 10);
        expect_connection_and_subscription();
        cloud.ack_all_that_follows();
        run();
        loop.pass(minutes(5));
    }

    static constexpr int most = static_cast<int>(Receipts::kMost);
};

TEST_F(LinkReceiptsTest, SettlesByReceiptAndNotByAck) {
    owe_small(1, 3);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1, 2, 3})).ack();
    run();
    EXPECT_THAT(outbox.settled, IsEmpty());
    EXPECT_EQ(link->status().awaiting_receipt, 3u);

    confirm(2, 7);
    loop.pass(seconds(0));
    EXPECT_THAT(outbox.settled, ElementsAre(ElementsAre(2, 3)));
    EXPECT_EQ(link->status().unknown_receipts, 4u);
    EXPECT_EQ(link->status().awaiting_receipt, 1u);
}

TEST_F(LinkReceiptsTest, SettlesWhatWasSentAndNotAckedYetAndIgnoresOtherEpochs) {
    owe_small(1, 1);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1}));
    run();
    confirm(1, 1, "e2");
    loop.pass(seconds(0));
    EXPECT_THAT(outbox.settled, IsEmpty());
    confirm(1, 1);
    loop.pass(seconds(0));
    EXPECT_THAT(outbox.settled, ElementsAre(ElementsAre(1)));

    cloud.say(R"({"type":"error","code":"something_new","requestId":")" + cloud.request_ids.back() + "\"}");
    loop.pass(minutes(5));
    EXPECT_EQ(republished(), 0);
}

TEST_F(LinkReceiptsTest, TriesAHeldChannelWithTheNextOneIfTheFirstIsConfirmedAndThenRefused) {
    outbox.owe(1);
    outbox.owe(2);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1})).error("channel_not_authorized");
    cloud.expect_publish(ids({1}));
    run();
    confirm(1, 1);
    loop.pass(seconds(1));
    cloud.expect_publish(ids({2})).ack();
    cloud.say(R"({"type":"error","code":"channel_not_authorized","requestId":")" + cloud.request_ids.back() + "\"}");
    run_script();

    EXPECT_THAT(outbox.owed(), ElementsAre(2));
}

TEST_F(LinkReceiptsTest, SendsAgainWhatNobodyConfirmsAfterTheTimeoutDoublingIt) {
    owe_small(1, 1);
    expect_connection_and_subscription();
    for (int i = 0; i < 3; ++i)
        cloud.expect_publish(ids({1})).ack();

    run();

    EXPECT_THAT(outbox.given_back, ElementsAre(ElementsAre(1), ElementsAre(1)));
    EXPECT_EQ(cloud.frames.back() - cloud.frames.front(), seconds(60 + 120));
}

TEST_F(LinkReceiptsTest, KeepsWhatAwaitsItsReceiptWhenTheConnectionEnds) {
    owe_small(1, 1);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1})).ack();
    run();
    owe_small(2, 2);
    cloud.expect_publish(ids({2})).drop_connection();
    expect_connection_and_subscription();
    cloud.expect_publish(ids({2})).ack();
    link->more_is_owed();
    run_script();
    EXPECT_THAT(outbox.ended, ElementsAre(ElementsAre(2)));

    cloud.expect_publish(ids({1})).ack();
    run_script();
    EXPECT_GE(cloud.frames.back() - cloud.frames[1], seconds(60));
}

TEST_F(LinkReceiptsTest, DoesNotSendWhatIsConfirmedAfterItWasGivenBack) {
    owe_small(1, 1);
    expect_connection_and_subscription();
    cloud.expect_publish(ids({1})).ack();
    run();
    outbox.keep_offers_back(true);
    loop.pass(seconds(61));
    ASSERT_THAT(outbox.given_back, ElementsAre(ElementsAre(1)));
    confirm(1, 1);
    loop.pass(seconds(1));
    outbox.keep_offers_back(false);
    loop.pass(minutes(5));
    EXPECT_EQ(republished(), 0);
    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkReceiptsTest, SendsAllPartsAgainWhenNobodyConfirmsTheMessage) {
    outbox.owe_readings(1, 4, 1000);
    cloud.expect_connect().welcome(R"(,"maxMessageSize":3000)");
    cloud.expect_subscribe("fleet/gw/cmd").ack();
    for (int i = 0; i < 2; ++i) {
        cloud.expect_publish(ids({1}) + "/0-1").ack();
        cloud.expect_publish(ids({1}) + "/2-3").ack();
    }
    run();
    EXPECT_THAT(outbox.settled, IsEmpty());
    EXPECT_GE(cloud.frames.back() - cloud.frames[1], seconds(60)) << "all parts again, after the timeout";
    confirm(1, 1);
    loop.pass(seconds(0));
    EXPECT_THAT(outbox.settled, ElementsAre(ElementsAre(1)));
}

TEST_F(LinkReceiptsTest, RidesOutAConsumerThatIsDownForTenMinutes) {
    expect_connection_and_subscription();
    cloud.ack_all_that_follows();
    run();
    live_through(1, 100, true);
    const auto settled_before = outbox.settled.size();
    live_through(101, 700, false);
    EXPECT_EQ(outbox.settled.size(), settled_before) << "nothing is settled meanwhile";
    EXPECT_LE(republished(), 20);
    EXPECT_GE(republished(), 9) << "it is probed";

    for (int seq = 701; seq <= 840; ++seq) {
        const auto known = cloud.published.size();
        live_through(seq, seq, false);
        for (std::size_t i = known; i < cloud.published.size(); ++i) {
            std::istringstream words(cloud.published[i]);
            for (std::string id; words >> id;) {
                const std::int64_t number = std::stoll(id.substr(id.rfind(':') + 1));
                confirm(number, number);
            }
        }
    }
    loop.pass(seconds(1));
    EXPECT_THAT(outbox.owed(), IsEmpty());
    EXPECT_EQ(link->status().unknown_receipts, 99u * 100u / 2u);
}

TEST_F(LinkReceiptsTest, TakesNothingNewWhileTooManyAwaitTheirReceiptsAndStillProbes) {
    send_more_than_may_wait();
    const auto full = publishes().size();
    EXPECT_GE(full, Receipts::kMost);
    EXPECT_LE(full, Receipts::kMost + 500);
    EXPECT_GE(republished(), 3);
    EXPECT_EQ(publishes().count("gw:e1:" + std::to_string(most + 500)), 0u);

    confirm(1, most);
    loop.pass(minutes(2));
    EXPECT_EQ(publishes().size(), Receipts::kMost + 500);
}

TEST_F(LinkReceiptsTest, KeepsNoResultBackWhileTooManyAwaitTheirReceipts) {
    send_more_than_may_wait();
    const int result = most + 501;
    outbox.owe_kind(result, Kind::result, 10, "fleet/gw/cmd/result");
    link->more_is_owed();
    loop.pass(seconds(1));

    EXPECT_EQ(publishes().count("gw:e1:" + std::to_string(result)), 1u);
}

}  // namespace
}  // namespace fieldlink::test
