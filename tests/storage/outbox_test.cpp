#include "storage/outbox.hpp"

#include <set>

#include <gmock/gmock.h>

#include "storage/sqlite.hpp"
#include "tests/storage/outbox_fixture.hpp"

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(OutboxTest, HandsOutWhatWasAppendedAsItWas) {
    options_.boot_id = "b1";
    Outbox outbox(options_);
    NewMessage written = message(std::string("\0binary\xff", 8), 3);
    const std::int64_t seq = outbox.append({written});

    const auto taken = outbox.take(10, 1000);

    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken[0].seq, seq);
    EXPECT_EQ(taken[0].gateway, "gw");
    EXPECT_EQ(taken[0].epoch, outbox.epoch());
    EXPECT_EQ(taken[0].channel, written.channel);
    EXPECT_EQ(taken[0].kind, Kind::readings);
    EXPECT_EQ(taken[0].created.boot, written.created.boot);
    EXPECT_EQ(taken[0].created.wall, written.created.wall);
    EXPECT_EQ(taken[0].readings, 3U);
    EXPECT_EQ(taken[0].body, written.body);
    EXPECT_FALSE(taken[0].prev.has_value());
}

TEST_F(OutboxTest, KeepsOwedMessagesAcrossReopen) {
    std::string first_epoch;
    {
        Outbox outbox(options_);
        first_epoch = outbox.epoch();
        outbox.append({message("a"), message("b"), message("c")});
        take_all(outbox);
        outbox.settle({2});
        outbox.commit_acks();
    }
    options_.gateway = "renamed";
    Outbox outbox(options_);

    const auto taken = outbox.take(10, 1000);

    ASSERT_THAT(seqs(taken), ElementsAre(1, 3));
    EXPECT_EQ(taken[1].body, "c");
    EXPECT_EQ(taken[1].epoch, first_epoch) << "a stored message keeps its id";
    EXPECT_EQ(taken[1].gateway, "gw");
    EXPECT_EQ(outbox.stats().owed_messages, 2U);
    EXPECT_EQ(outbox.stats().stored_messages, 3U);
    expect_balanced(outbox.stats());
}

TEST_F(OutboxTest, WritesAcksWithTheNextAppend) {
    {
        Outbox outbox(options_);
        outbox.append({message("a")});
        take_all(outbox);
        outbox.settle({1});
        outbox.append({message("b")});
    }
    Outbox outbox(options_);
    EXPECT_THAT(take_all(outbox), ElementsAre(2));
}

TEST_F(OutboxTest, OwesAgainAfterACrashWhatWasAckedButNotCommitted) {
    Outbox outbox(options_);
    outbox.append({message("a")});
    take_all(outbox);
    outbox.settle({1});
    Outbox after(crashed());
    EXPECT_THAT(take_all(after), ElementsAre(1));
}

TEST_F(OutboxTest, WritesAcksWhenItIsClosed) {
    {
        Outbox outbox(options_);
        outbox.append({message("a")});
        take_all(outbox);
        outbox.settle({1});
    }
    Outbox outbox(options_);
    EXPECT_THAT(take_all(outbox), ElementsAre());
}

TEST_F(OutboxTest, DrawsAnotherEpochAtEachStart) {
    std::set<std::string> epochs;
    for (int start = 0; start < 20; ++start) {
        Outbox outbox(options_);
        outbox.append({message("a")});
        EXPECT_THAT(outbox.epoch(), testing::MatchesRegex("[0-9a-f]{8}"));
        epochs.insert(outbox.epoch());
    }
    EXPECT_EQ(epochs.size(), 20U);
}

TEST_F(OutboxTest, NeverReusesASequenceNumberAfterTheTableWasEmptied) {
    options_.max_bytes = 1 << 20;
    {
        Outbox outbox(options_);
        outbox.append({message("a"), message("b")});
        take_all(outbox);
        outbox.settle({1, 2});
        for (std::int64_t seq = 3; seq <= 40; ++seq) {
            EXPECT_EQ(outbox.append({message(noise(60'000))}), seq);
            outbox.settle({seq});
        }
        outbox.commit_acks();
        EXPECT_LT(outbox.stats().stored_messages, 20U);
    }
    Outbox outbox(options_);
    EXPECT_EQ(outbox.append({message("c")}), 41);
}

TEST_F(OutboxTest, LinksEachMessageToTheOneBeforeItOnItsChannelOverRestarts) {
    std::string first_epoch;
    {
        Outbox outbox(options_);
        first_epoch = outbox.epoch();
        outbox.append({message("a", 1, "one"), message("b", 1, "two")});
    }
    Outbox outbox(options_);
    outbox.append({message("c", 1, "one"), message("d", 1, "three"), message("e", 1, "one")});
    const auto taken = outbox.take(10, 1000);

    ASSERT_THAT(seqs(taken), ElementsAre(3, 4, 5, 1, 2));
    ASSERT_TRUE(taken[0].prev.has_value());
    EXPECT_EQ(taken[0].prev->epoch, first_epoch);
    EXPECT_EQ(taken[0].prev->seq, 1);
    EXPECT_FALSE(taken[1].prev.has_value());
    ASSERT_TRUE(taken[2].prev.has_value());
    EXPECT_EQ(taken[2].prev->epoch, outbox.epoch());
    EXPECT_EQ(taken[2].prev->seq, 3);
}

TEST_F(OutboxTest, ForgetsChannelsAndEpochsThatNoMessageIsLeftOf) {
    options_.max_bytes = 1 << 20;
    for (int start = 0; start < 11; ++start) {
        Outbox outbox(options_);
        std::vector<NewMessage> batch;
        for (int i = 0; i < 100; ++i)
            batch.push_back(message("a", 1, std::to_string(100 * start + i)));
        outbox.append(batch);
    }
    {
        Outbox outbox(options_);
        for (int i = 0; i < 100; ++i)
            outbox.append({message(noise(16'000))});
        outbox.settle(take_all(outbox));
        for (int i = 0; i < 100; ++i)
            outbox.append({message(noise(16'000))});
    }
    { const Outbox outbox(options_); }
    Database file(options_.path);
    EXPECT_EQ(file.integer("SELECT count(*) FROM channel"), 1024);
    EXPECT_EQ(file.integer("SELECT count(*) FROM channel WHERE name = 'telemetry'"), 1);
    EXPECT_EQ(file.integer("SELECT count(*) FROM epoch"), 1);
}

TEST_F(OutboxTest, AckOfUnknownSeqIsIgnored) {
    Outbox outbox(options_);
    outbox.append({message("a", 5)});
    outbox.settle({-1, 0, 2, 99});
    EXPECT_EQ(outbox.stats().owed_messages, 1U);
    outbox.settle({1});
    outbox.settle({1});
    EXPECT_EQ(outbox.stats().owed_messages, 0U);
    EXPECT_EQ(outbox.stats().acked_readings, 5U) << "a second ack counts nothing";
    expect_balanced(outbox.stats());
}

TEST_F(OutboxTest, TakesAnAckThatComesAfterTheMessageWasGivenBack) {
    Outbox outbox(options_);
    outbox.append({message("a", 5)});
    take_all(outbox);
    give_all_back(outbox);
    outbox.settle({1});
    EXPECT_EQ(outbox.stats().acked_readings, 5U);
    EXPECT_THAT(take_all(outbox), IsEmpty());
}

TEST_F(OutboxTest, CountsWhatWasReadAckedOwedAndDroppedAcrossReopen) {
    {
        Outbox outbox(options_);
        outbox.append({message("a", 10), message("b", 20)});
        take_all(outbox);
        outbox.settle({1});
        outbox.lost({"telemetry", "queue_full", 7, {"meter"}, {}, {}});
        outbox.append({message("c", 30)});
    }
    Outbox outbox(options_);
    const OutboxStats stats = outbox.stats();
    EXPECT_EQ(stats.read_readings, 67U);
    EXPECT_EQ(stats.acked_readings, 10U);
    EXPECT_EQ(stats.owed_readings, 50U);
    EXPECT_EQ(stats.dropped_readings, 7U);
    EXPECT_EQ(stats.owed_messages, 3U);
    EXPECT_EQ(stats.last_seq, 4);
}

TEST_F(OutboxTest, ReportsReadingsThatNeverBecameAMessageAsAGap) {
    Outbox outbox(options_);
    const Stamp first{std::chrono::milliseconds(1), std::chrono::milliseconds(1001)};
    const Stamp last{std::chrono::milliseconds(2), std::chrono::milliseconds(1002)};
    outbox.lost({"telemetry", "queue_full", 7, {"meter"}, first, last});
    outbox.lost({"telemetry", "queue_full", 3, {"boiler"}, first, last});
    EXPECT_EQ(outbox.append({message("a")}), 1);

    const auto taken = outbox.take(10, 1000);

    ASSERT_THAT(seqs(taken), ElementsAre(2, 1));
    EXPECT_EQ(taken[0].kind, Kind::gap);
    EXPECT_EQ(taken[0].channel, "telemetry");
    EXPECT_EQ(taken[0].body, R"({"epoch":")" + outbox.epoch() +
                                 R"(","messages":null,"readings":10,"sensors":["boiler","meter"],)" +
                                 R"("reason":"queue_full"})");
    EXPECT_EQ(taken[0].first, first.boot);
    EXPECT_EQ(taken[0].last, last.boot);
    EXPECT_EQ(taken[0].prev->seq, 1);
}

TEST_F(OutboxTest, CommitsALossAlsoWhenNoAppendFollows) {
    {
        Outbox outbox(options_);
        outbox.lost({"telemetry", "queue_full", 7, {"meter"}, {}, {}});
        outbox.commit_acks();
    }
    Outbox outbox(options_);
    EXPECT_THAT(take_all(outbox), ElementsAre(1));
}

}  // namespace
}  // namespace fieldlink
