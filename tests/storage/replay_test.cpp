#include <gmock/gmock.h>

#include "tests/storage/outbox_history.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(OutboxHistory, IsBrowsedBySeqAndByEpoch) {
    Outbox outbox(options_);
    EXPECT_THAT(seqs_in(outbox, {}), ElementsAre(1, 2, 3, 4, 5, 6));
    EXPECT_THAT(seqs_in(outbox, seqs_between(2, 4)), ElementsAre(2, 3, 4));
    Range range;
    range.epoch = first_epoch_;
    EXPECT_THAT(seqs_in(outbox, range), ElementsAre(1, 2, 3));
    range.epoch = "deadbeef";
    EXPECT_THAT(seqs_in(outbox, range), IsEmpty());
}

TEST_F(OutboxHistory, IsBrowsedByTheTrueTimeOfEachBoot) {
    Outbox outbox(options_);
    Range range;
    range.since = kTrueOffset + milliseconds(2000);
    range.until = kTrueOffset + std::chrono::hours(1) + milliseconds(1000);
    ASSERT_THAT(seqs_in(outbox, range), ElementsAre(2, 3, 4));
    EXPECT_EQ(browse(outbox, range)[0].time, kTrueOffset + milliseconds(2000));
}

TEST_F(OutboxHistory, TellsWhatIsOwed) {
    Outbox outbox(options_);
    outbox.append({made(milliseconds(4000))});
    const auto entries = browse(outbox, seqs_between(6, 7));
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_FALSE(entries[0].owed);
    EXPECT_TRUE(entries[1].owed);
}

TEST_F(OutboxHistory, IsReplayedUnderItsOldIdsAndMarked) {
    Outbox outbox(options_);
    const Progress done = replay(outbox, seqs_between(2, 4));

    const auto taken = outbox.take(100, 1 << 20);

    EXPECT_EQ(done.messages, 3U);
    EXPECT_EQ(done.readings, 30U);
    ASSERT_THAT(seqs(taken), ElementsAre(2, 3, 4));
    for (const StoredMessage& one : taken) {
        EXPECT_TRUE(one.replayed);
        EXPECT_EQ(one.epoch, one.seq <= 3 ? first_epoch_ : second_epoch_);
        EXPECT_EQ(one.gateway, "gw");
        EXPECT_EQ(one.body, "body");
    }
}

TEST_F(OutboxHistory, IsReplayedBehindLiveReadings) {
    Outbox outbox(options_);
    replay(outbox, seqs_between(2, 4));
    outbox.append({made(milliseconds(4000)), made(milliseconds(5000))});
    const auto taken = outbox.take(100, 1 << 20);
    ASSERT_THAT(seqs(taken), ElementsAre(7, 8, 2, 3, 4));
    EXPECT_FALSE(taken[0].replayed);
}

TEST_F(OutboxHistory, MovesFromAckedToOwedAndBack) {
    Outbox outbox(options_);
    const OutboxStats before = outbox.stats();
    replay(outbox, seqs_between(2, 4));
    const OutboxStats replayed = outbox.stats();
    deliver(outbox);
    const OutboxStats after = outbox.stats();

    EXPECT_EQ(replayed.acked_readings, before.acked_readings - 30);
    EXPECT_EQ(replayed.owed_readings, 30U);
    EXPECT_EQ(replayed.replay_owed_messages, 3U);
    EXPECT_EQ(after.acked_readings, before.acked_readings);
    EXPECT_EQ(after.owed_messages, 0U);
    EXPECT_EQ(after.replay_owed_messages, 0U);
    EXPECT_EQ(after.replayed_readings, 30U);
    for (const OutboxStats& stats : {before, replayed, after})
        expect_balanced(stats);
}

TEST_F(OutboxHistory, IsReplayedOnceThoughAskedForTwice) {
    Outbox outbox(options_);
    replay(outbox, seqs_between(2, 4));
    EXPECT_EQ(replay(outbox, seqs_between(1, 4)).messages, 1U);
    EXPECT_THAT(take_all(outbox), ElementsAre(1, 2, 3, 4));
}

TEST_F(OutboxHistory, StaysReplayedThroughARestart) {
    {
        Outbox outbox(options_);
        replay(outbox, seqs_between(2, 4));
        const auto first = outbox.take(1, 1 << 20);
        ASSERT_THAT(seqs(first), ElementsAre(2));
        outbox.settle({first[0].position});
    }
    Outbox outbox(options_);
    EXPECT_EQ(outbox.stats().replay_owed_messages, 2U);
    const auto taken = outbox.take(100, 1 << 20);
    ASSERT_THAT(seqs(taken), ElementsAre(3, 4));
    EXPECT_TRUE(taken[0].replayed && taken[1].replayed);
    expect_balanced(outbox.stats());
}

TEST_F(OutboxHistory, IsReplayedAndPurgedInPieces) {
    Outbox outbox(options_);
    for (int i = 0; i < 20; ++i)
        outbox.append(std::vector<NewMessage>(100, made(milliseconds(5000))));
    deliver(outbox);

    const Progress first = outbox.replay({}, 0);
    EXPECT_FALSE(first.end);
    EXPECT_LT(first.messages, 2006U);
    EXPECT_EQ(replay(outbox, {}).messages, 2006U - first.messages);
    EXPECT_EQ(outbox.stats().owed_messages, 2006U);
    deliver(outbox);

    EXPECT_FALSE(outbox.purge({}, false, 0).end);
    purge(outbox, {}, false);
    EXPECT_EQ(outbox.stats().stored_messages, 0U);
    expect_balanced(outbox.stats());
}

TEST_F(OutboxHistory, IsGivenUpBeforeWhatIsOwedAndWithoutAGap) {
    options_.max_bytes = 1 << 20;
    Outbox outbox(options_);
    const std::string big = noise(16'000);
    for (int i = 0; i < 20; ++i)
        outbox.append({made(milliseconds(5000), big)});
    deliver(outbox);
    const std::uint64_t acked = outbox.stats().acked_readings;
    replay(outbox, {});
    const std::uint64_t replayed = outbox.stats().replay_owed_messages;
    for (int i = 0; i < 25; ++i)
        outbox.append({made(milliseconds(6000), big)});

    const OutboxStats stats = outbox.stats();
    EXPECT_LT(stats.replay_owed_messages, replayed);
    EXPECT_EQ(stats.dropped_readings, 0U);
    EXPECT_EQ(stats.owed_messages, 25U + stats.replay_owed_messages);
    EXPECT_EQ(stats.acked_readings, acked - 10 * stats.replay_owed_messages);
    expect_balanced(stats);
    for (const StoredMessage& one : outbox.take(100, 1 << 30))
        EXPECT_EQ(one.kind, Kind::readings);
}

}  // namespace
}  // namespace fieldlink
