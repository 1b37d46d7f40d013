#include <gmock/gmock.h>

#include "tests/storage/outbox_truth.hpp"
#include "tests/storage/refuse_fixture.hpp"

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(OutboxRefusals, AreQuarantinedAndNamedByAGapRecord) {
    Outbox outbox(options_);
    outbox.append({message("a", 10), message("b", 20, "other"), message("c", 30)});
    take_all(outbox);

    outbox.refuse({whole(2)});

    expect_balanced(outbox.stats());
    const auto records = gaps(outbox);
    ASSERT_THAT(seqs(records), ElementsAre(4));
    EXPECT_EQ(records[0].channel, "other");
    EXPECT_EQ(records[0].first, std::chrono::milliseconds(4000));
    EXPECT_EQ(records[0].last, std::chrono::milliseconds(4900));
    EXPECT_EQ(records[0].body, R"({"epoch":")" + outbox.epoch() +
                                   R"(","from_seq":2,"to_seq":2,"messages":1,"readings":20,"sensors":["boiler"],)"
                                   R"("reason":"refused"})");
    const OutboxStats stats = outbox.stats();
    EXPECT_EQ(stats.quarantined_readings, 20U);
    EXPECT_EQ(stats.owed_readings, 40U);
    EXPECT_EQ(stats.owed_messages, 3U);
    EXPECT_EQ(stats.acked_readings + stats.dropped_readings, 0U);
    EXPECT_EQ(stats.stored_messages, 4U) << "the row stays, for an operator to look at";
}

TEST_F(OutboxRefusals, NeverComeAgain) {
    Outbox outbox(options_);
    outbox.append({message("a"), message("b")});
    take_all(outbox);
    outbox.refuse({whole(1)});
    outbox.give_back({1});
    outbox.connection_ended({1, 2});
    EXPECT_THAT(take_all(outbox), ElementsAre(2)) << "not even before the commit";
    outbox.commit_acks();
    give_all_back(outbox);
    EXPECT_THAT(take_all(outbox), ElementsAre(3, 2));
    Outbox next(crashed());
    EXPECT_THAT(take_all(next), ElementsAre(3, 2));
    EXPECT_EQ(next.stats().quarantined_readings, 1U);
    expect_balanced(next.stats());
}

TEST_F(OutboxRefusals, NeedNotBeInFlight) {
    Outbox outbox(options_);
    outbox.append({message("a", 10), message("b", 20)});
    outbox.refuse({whole(1)});
    EXPECT_THAT(take_all(outbox), ElementsAre(2));
    outbox.settle({2});
    EXPECT_THAT(seqs(gaps(outbox)), ElementsAre(3));
    EXPECT_EQ(outbox.stats().quarantined_readings, 10U);
    EXPECT_EQ(outbox.stats().owed_readings, 0U);
}

TEST_F(OutboxRefusals, CountAsAckedAsFarAsPartsArrived) {
    Outbox outbox(options_);
    outbox.append({message("a", 10)});
    take_all(outbox);
    outbox.refuse({{1, 3, {"meter", "scale"}, false}});
    const auto records = gaps(outbox);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_THAT(records[0].body, HasSubstr(R"("from_seq":1,"to_seq":1,"messages":0,"readings":3,)"
                                           R"("sensors":["meter","scale"],"reason":"refused")"));
    EXPECT_EQ(outbox.stats().quarantined_readings, 3U);
    EXPECT_EQ(outbox.stats().acked_readings, 7U);
    EXPECT_EQ(outbox.stats().owed_readings, 0U);
}

TEST_F(OutboxRefusals, CountNoMoreReadingsThanTheMessageHas) {
    Outbox outbox(options_);
    outbox.append({message("a", 10)});
    outbox.refuse({{1, 99, {}, false}});
    EXPECT_THAT(gaps(outbox).at(0).body, HasSubstr(R"("messages":0,"readings":10,"sensors":["boiler"])"));
    EXPECT_EQ(outbox.stats().quarantined_readings, 10U);
}

TEST_F(OutboxRefusals, ShareOneGapRecordOnAChannel) {
    Outbox outbox(options_);
    outbox.append({message("a", 10), message("b", 20), message("c", 30), message("d", 40)});
    take_all(outbox);
    outbox.refuse({whole(2), whole(3)});
    outbox.commit_acks();
    outbox.refuse({whole(4)});
    const auto records = gaps(outbox);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_THAT(records[0].body, HasSubstr(R"("from_seq":2,"to_seq":4,"messages":3,"readings":90)"));
}

TEST_F(OutboxRefusals, OfManyChannelsAreAllWritten) {
    constexpr int kChannels = 50;
    Outbox outbox(options_);
    std::vector<RefusedMessage> refused;
    for (int i = 1; i <= kChannels; ++i) {
        outbox.append({message("a", 10, "channel-" + std::to_string(i))});
        refused.push_back(whole(i));
    }
    take_all(outbox);
    outbox.refuse(refused);
    EXPECT_EQ(gaps(outbox).size(), std::size_t{kChannels});
    EXPECT_EQ(outbox.stats().quarantined_readings, 10U * kChannels);
    EXPECT_EQ(outbox.stats().owed_readings, 0U);
}

TEST_F(OutboxRefusals, AreOwedOrInAGapRecordWhereverACrashComes) {
    Outbox outbox(options_);
    outbox.append({message("a", 10), message("b", 20)});
    take_all(outbox);
    outbox.refuse({whole(1)});
    {
        Outbox next(crashed());
        EXPECT_THAT(take_all(next), ElementsAre(1, 2));
        EXPECT_EQ(next.stats().quarantined_readings, 0U);
    }
    outbox.append({message("c", 30)});
    Outbox next(crashed());
    EXPECT_THAT(take_all(next), ElementsAre(4, 2, 3));
    EXPECT_EQ(next.stats().quarantined_readings, 10U);
    expect_balanced(next.stats());
}

TEST_F(OutboxRefusals, AreWrittenByAnOrderlyEnd) {
    {
        Outbox outbox(options_);
        outbox.append({message("a", 10)});
        take_all(outbox);
        outbox.refuse({whole(1)});
    }
    Outbox outbox(options_);
    EXPECT_THAT(seqs(gaps(outbox)), ElementsAre(2));
    EXPECT_EQ(outbox.stats().quarantined_readings, 10U);
}

TEST_F(OutboxRefusals, AreNeverResultsOrGapRecords) {
    Outbox outbox(options_);
    outbox.append({result("{}")});
    outbox.lost({"telemetry", "queue_full", 7, {"boiler"}, {}, {}});
    outbox.commit_acks();
    ASSERT_THAT(take_all(outbox), ElementsAre(1, 2));
    outbox.refuse({whole(1), whole(2)});
    outbox.commit_acks();
    EXPECT_THAT(take_all(outbox), ElementsAre(1, 2)) << "they may be tried again";
    EXPECT_EQ(outbox.stats().owed_messages, 2U);
}

TEST_F(OutboxRefusals, ThatWerePurgedMeanwhileAreIgnored) {
    Outbox outbox(options_);
    outbox.append({message("a", 10), message("b", 20), message("c", 30)});
    take_all(outbox);
    Range first;
    first.to_seq = 1;
    outbox.purge(first, true, 0);
    outbox.refuse({whole(1), whole(2), whole(99), whole(-1)});
    Range second;
    second.from_seq = second.to_seq = 2;
    outbox.purge(second, true, 0);
    std::vector<std::string> reasons;
    for (const StoredMessage& record : gaps(outbox))
        reasons.push_back(GapRecord(record.body).reason);
    EXPECT_THAT(reasons, ElementsAre("purged", "refused")) << "what was refused first was purged as history";
    EXPECT_EQ(outbox.stats().quarantined_readings, 20U);
    EXPECT_EQ(outbox.stats().dropped_readings, 10U);
}

TEST_F(OutboxRefusals, ThatAreAckedAllTheSameArrived) {
    Outbox outbox(options_);
    outbox.append({message("a", 10)});
    take_all(outbox);
    outbox.refuse({whole(1)});
    outbox.settle({1});
    EXPECT_THAT(gaps(outbox), IsEmpty());
    EXPECT_EQ(outbox.stats().acked_readings, 10U);
}

TEST_F(OutboxRefusals, OfWhatWasReplayedLoseNothing) {
    Outbox outbox(options_);
    outbox.append({message("a", 10)});
    take_all(outbox);
    outbox.settle({1});
    outbox.commit_acks();
    outbox.replay({}, 0);
    ASSERT_THAT(take_all(outbox), ElementsAre(1));
    outbox.refuse({whole(1)});
    EXPECT_THAT(gaps(outbox), IsEmpty());
    EXPECT_EQ(outbox.stats().quarantined_readings, 0U);
    EXPECT_EQ(outbox.stats().acked_readings, 10U);
    EXPECT_EQ(outbox.stats().replay_owed_messages, 0U);
    EXPECT_EQ(outbox.stats().owed_messages, 0U);
}

TEST_F(OutboxRefusals, AreHistoryThatGoesFirstWhenSpaceIsNeeded) {
    options_.max_bytes = 1 << 20;
    Outbox outbox(options_);
    std::vector<RefusedMessage> refused;
    for (int i = 1; i <= 20; ++i) {
        outbox.append({message(noise(10'000), 10)});
        refused.push_back(whole(i));
    }
    outbox.refuse(refused);
    outbox.commit_acks();
    for (int i = 0; i < 30; ++i)
        outbox.append({message(noise(10'000), 10)});
    EXPECT_EQ(outbox.stats().dropped_readings, 0U);
    EXPECT_EQ(outbox.stats().quarantined_readings, 200U);
    EXPECT_LT(outbox.stats().stored_messages, 51U) << "there was room for all";
    expect_balanced(outbox.stats());
}

}  // namespace
}  // namespace fieldlink
