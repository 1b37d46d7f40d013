// tests/storage/old/outbox-1.db.gz was written by the released fieldlink that knew schema 1: two starts in two boots, a
// limit of 1 MiB that it has outgrown, some acks, a command's result and two gap records.
#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <zlib.h>

#include "storage/sqlite.hpp"
#include "tests/storage/outbox_fixture.hpp"

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char *kFirstEpoch = "ba1dc4d0", *kSecondEpoch = "9b205d37";

std::string unzipped(const std::string& path) {
    std::string content;
    char piece[8192];
    const gzFile file = ::gzopen(path.c_str(), "rb");
    if (!file) return content;
    for (int size; (size = ::gzread(file, piece, sizeof piece)) > 0;)
        content.append(piece, static_cast<std::size_t>(size));
    ::gzclose(file);
    return content;
}

std::vector<std::int64_t> numbers(std::initializer_list<std::pair<std::int64_t, std::int64_t>> runs) {
    std::vector<std::int64_t> all;
    for (const auto& [first, last] : runs)
        for (std::int64_t number = first; number <= last; ++number)
            all.push_back(number);
    return all;
}

class OutboxOfSchema1 : public OutboxTest {
protected:
    OutboxOfSchema1() {
        options_.max_bytes = 2 << 20;
        options_.boot_id = "boot-3";
        const std::string content = unzipped(FIELDLINK_OLD_OUTBOX);
        EXPECT_FALSE(content.empty()) << FIELDLINK_OLD_OUTBOX;
        std::ofstream(options_.path, std::ios::binary) << content;
        remember_bodies();
    }

    void remember_bodies() {
        Database old(options_.path);
        EXPECT_EQ(old.integer("PRAGMA user_version"), 1);
        Statement select(old, "SELECT seq, body FROM message UNION ALL SELECT seq, body FROM urgent");
        Rows rows = select.query();
        while (rows.next())
            bodies_[rows.integer(0)] = rows.bytes(1);
    }

    std::map<std::int64_t, std::string> bodies_;
};

TEST_F(OutboxOfSchema1, DeliversAllThatIsOwedUnderItsOldIds) {
    Outbox outbox(options_);
    ASSERT_EQ(outbox.trouble(), "");

    const auto taken = outbox.take(1000, 1 << 30);

    EXPECT_EQ(seqs(taken), numbers({{61, 61}, {92, 93}, {31, 60}, {62, 85}, {88, 89}, {91, 91}, {94, 98}}));
    for (const StoredMessage& one : taken) {
        EXPECT_EQ(one.gateway, "gw");
        EXPECT_EQ(one.epoch, one.seq < 94 ? kFirstEpoch : kSecondEpoch);
        EXPECT_EQ(one.body, bodies_.at(one.seq)) << one.seq;
        EXPECT_EQ(one.channel, one.kind == Kind::result ? "results" : "telemetry");
        EXPECT_FALSE(one.replayed || one.time_base.this_boot || one.time_base.true_offset);
    }
    EXPECT_EQ(outbox.take_remark(), "");
}

TEST_F(OutboxOfSchema1, KeepsItsChainAcrossTheEpochs) {
    Outbox outbox(options_);
    for (const StoredMessage& one : outbox.take(1000, 1 << 30)) {
        if (one.kind == Kind::result) continue;
        ASSERT_TRUE(one.prev) << one.seq;
        EXPECT_EQ(one.prev->epoch, one.seq <= 94 ? kFirstEpoch : kSecondEpoch);
        EXPECT_EQ(one.prev->seq, one.seq - (one.seq == 93 ? 2 : 1)) << "92 is on another channel";
    }
}

TEST_F(OutboxOfSchema1, KeepsItsCounts) {
    const Outbox outbox(options_);
    const OutboxStats stats = outbox.stats();
    EXPECT_EQ(stats.owed_messages, 65U);
    EXPECT_EQ(stats.owed_readings, 119U);
    EXPECT_EQ(stats.stored_messages, 68U);
    EXPECT_EQ(stats.read_readings, 192U);
    EXPECT_EQ(stats.acked_readings, 6U);
    EXPECT_EQ(stats.dropped_readings, 67U);
    EXPECT_EQ(stats.dropped_by_reason.at("unknown"), 67U) << "schema 1 did not count by reason";
    EXPECT_EQ(stats.last_seq, 98);
    expect_balanced(stats);
}

TEST_F(OutboxOfSchema1, GoesOnWithTheNextNumberInTheSameChain) {
    std::string epoch;
    {
        Outbox outbox(options_);
        epoch = outbox.epoch();
        EXPECT_EQ(outbox.append({message("new")}), 99);
    }
    EXPECT_EQ(Database(options_.path).integer("PRAGMA user_version"), 2);
    Outbox outbox(options_);
    const auto taken = outbox.take(1000, 1 << 30);
    EXPECT_EQ(taken.size(), 66U);
    const StoredMessage& last = taken.back();
    EXPECT_EQ(last.seq, 99);
    EXPECT_EQ(last.epoch, epoch);
    ASSERT_TRUE(last.prev);
    EXPECT_EQ(last.prev->epoch, kSecondEpoch);
    EXPECT_EQ(last.prev->seq, 98);
}

TEST_F(OutboxOfSchema1, GivesUpNothingForTheShareOfResultsThatItDidNotHave) {
    options_.max_bytes = 1 << 20;  // as it was written with, and it is full
    Outbox outbox(options_);
    outbox.append({message("new")});
    EXPECT_EQ(outbox.stats().dropped_by_reason.count("outbox_full"), 0U);
    EXPECT_EQ(outbox.stats().owed_readings, 120U);
    expect_balanced(outbox.stats());
    for (int i = 0; i < 20; ++i)
        outbox.append({message(noise(12'000))});
    EXPECT_GT(outbox.stats().dropped_by_reason["outbox_full"], 0U) << "what comes now displaces what is oldest";
    EXPECT_LE(bytes_on_disk(), options_.max_bytes);
    expect_balanced(outbox.stats());
}

TEST_F(OutboxOfSchema1, IsSettledReplayedAndDroppedFromLikeAnyOther) {
    Outbox outbox(options_);
    for (const StoredMessage& one : outbox.take(20, 1 << 30))
        outbox.settle({one.position});
    EXPECT_EQ(outbox.replay({}, 0).messages, 23U) << "20, and the three that were acked before";
    for (int i = 0; i < 300; ++i)
        outbox.append({message(noise(12'000))});
    EXPECT_GT(outbox.stats().dropped_by_reason["outbox_full"], 100U);
    EXPECT_LE(bytes_on_disk(), options_.max_bytes);
    expect_balanced(outbox.stats());
}

}  // namespace
}  // namespace fieldlink
