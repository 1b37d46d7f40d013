#include "daemon/uplink/receipts.hpp"

#include <limits>

#include <gmock/gmock.h>

namespace fieldlink {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Instant kStart = Instant() + hours(1);
constexpr seconds kTimeout{60};

class ReceiptsTest : public testing::Test {
protected:
    void send(std::int64_t seq, const std::string& epoch = "e1") {
        StoredMessage message;
        message.epoch = epoch;
        message.seq = seq;
        message.position = position_of(seq);
        receipts.sent(message);
    }

    void send_and_ack(std::int64_t seq, Instant now) {
        send(seq);
        receipts.acked(position_of(seq), now);
    }

    static std::int64_t position_of(std::int64_t seq) { return seq + 1000; }

    std::vector<std::int64_t> confirm(std::int64_t first, std::int64_t last, Instant now = kStart) {
        return receipts.confirm({"e1", {{first, last}}}, unknown, now);
    }

    Receipts receipts{kTimeout};
    std::uint64_t unknown = 0;
};

TEST_F(ReceiptsTest, ConfirmExactlyThoseThatWereSent) {
    for (const std::int64_t seq : {1, 2, 4, 9})
        send_and_ack(seq, kStart);
    send(4, "e2");
    EXPECT_THAT(confirm(2, 5), ElementsAre(1002, 1004));
    EXPECT_EQ(unknown, 2u);
    EXPECT_EQ(receipts.waiting(), 2u);
    EXPECT_THAT(confirm(2, 5), IsEmpty()) << "once is enough";
    EXPECT_EQ(unknown, 6u);
}

TEST_F(ReceiptsTest, ConfirmWhatTheServiceHasNotAckedYet) {
    send(1);
    EXPECT_THAT(confirm(1, 1), ElementsAre(1001));
    receipts.acked(1001, kStart);
    EXPECT_EQ(receipts.waiting(), 0u);
    EXPECT_THAT(receipts.due(kStart + hours(1)), IsEmpty());
}

TEST_F(ReceiptsTest, CountAnyInterval) {
    EXPECT_THAT(confirm(0, INT64_MAX), IsEmpty());
    EXPECT_EQ(unknown, std::uint64_t{1} << 63);
}

TEST_F(ReceiptsTest, AreDueAfterTheTimeoutWhichDoublesUpToAnHour) {
    Instant now = kStart;
    seconds wait = kTimeout;
    for (int i = 0; i < 9; ++i) {
        send_and_ack(1, now);
        EXPECT_THAT(receipts.due(now + wait - milliseconds(1)), IsEmpty()) << wait.count();
        EXPECT_THAT(receipts.due(now + wait), ElementsAre(1001)) << wait.count();
        now += wait;
        wait = std::min<seconds>(wait * 2, hours(1));
    }
    EXPECT_EQ(wait, hours(1));
}

TEST_F(ReceiptsTest, ProbeWithTheOldestOncePerTimeoutWhileNothingIsConfirmed) {
    for (std::int64_t seq = 1; seq <= 5; ++seq)
        send_and_ack(seq, kStart + milliseconds(seq));
    const Instant due = kStart + kTimeout + seconds(1);
    EXPECT_THAT(receipts.due(due), ElementsAre(1001));
    EXPECT_THAT(receipts.due(due), IsEmpty());
    EXPECT_EQ(receipts.next(), due + kTimeout);
    EXPECT_THAT(receipts.due(due + kTimeout), ElementsAre(1002));
}

TEST_F(ReceiptsTest, BringAllThatAreDueOnceAnythingIsConfirmedButNotAllAtOnce) {
    for (std::int64_t seq = 1; seq <= 600; ++seq)
        send_and_ack(seq, kStart);
    const Instant due = kStart + kTimeout;
    EXPECT_EQ(receipts.due(due).size(), 1u);
    confirm(600, 600, due);
    EXPECT_EQ(receipts.due(due).size(), Receipts::kPerTurn);
    EXPECT_THAT(receipts.due(due), IsEmpty());
    EXPECT_EQ(receipts.due(due + seconds(1)).size(), Receipts::kPerTurn);
    EXPECT_EQ(receipts.due(due + seconds(2)).size(), 598 - 2 * Receipts::kPerTurn);
}

TEST_F(ReceiptsTest, AreFullUntilTheyHaveBecomeClearlyFewer) {
    const auto most = static_cast<std::int64_t>(Receipts::kMost);
    for (std::int64_t seq = 1; seq < most; ++seq)
        send_and_ack(seq, kStart);
    EXPECT_FALSE(receipts.is_full());
    send(most);
    EXPECT_TRUE(receipts.is_full()) << "what is under way will wait as well";
    confirm(1, 100);
    EXPECT_TRUE(receipts.is_full());
    confirm(101, most / 4);
    EXPECT_FALSE(receipts.is_full());
}

TEST_F(ReceiptsTest, KnowThatItWasSentWhatTheConnectionLost) {
    send(1);
    receipts.disconnected();
    EXPECT_TRUE(receipts.knows(1001));
    EXPECT_THAT(confirm(1, 1), ElementsAre(1001));
}

TEST_F(ReceiptsTest, CountWhatIsUnknownToTheEndAndNotRoundIt) {
    constexpr auto kLast = std::numeric_limits<std::int64_t>::max();
    receipts.confirm({"e1", {{0, kLast}, {0, kLast}, {0, kLast}}}, unknown, Instant());
    EXPECT_EQ(unknown, std::numeric_limits<std::uint64_t>::max());
}

TEST_F(ReceiptsTest, RememberOnlySoManyThatDoNotWait) {
    const auto many = static_cast<std::int64_t>(Receipts::kMost + Receipts::kMostRemembered);
    for (std::int64_t seq = 1; seq <= many; ++seq)
        send(seq);
    receipts.disconnected();
    send(many + 1);
    EXPECT_FALSE(receipts.knows(1001));
    EXPECT_TRUE(receipts.knows(1002));
    receipts.forget_rest();
    EXPECT_FALSE(receipts.knows(1002));
    EXPECT_TRUE(receipts.knows(position_of(many + 1))) << "it is under way";
}

}  // namespace
}  // namespace fieldlink
