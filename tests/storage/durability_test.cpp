// What each mode costs when the daemon is killed, and what it spares the disk meanwhile. Power cuts at any moment are
// in power_cut_test.cpp.
#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>

#include "tests/storage/outbox_fixture.hpp"
#include "tests/storage/outbox_truth.hpp"
#include "tests/support/disk/disk.hpp"
#include "tests/support/disk/power_cut.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

class OutboxDurability : public OutboxTest {
protected:
    static Stamp at(milliseconds boot) { return {boot, milliseconds(1'700'000'000'000) + boot}; }

    static NewMessage made(milliseconds boot, const std::string& body = "body") {
        NewMessage one = message(body, 10);
        one.created = at(boot);
        return one;
    }

    static void settle_all(Outbox& outbox) {
        for (const StoredMessage& one : outbox.take(1000, 1 << 30))
            outbox.settle({one.position});
    }

    /// The seqs of readings that a next start finds after power was lost at that moment, in the worst of some cuts: of
    /// what was not synced anything may be gone.
    std::vector<std::int64_t> left_by_power_cut(const DiskLog& log, std::size_t moment) {
        PowerCut cut(log);
        cut.advance_to(moment);
        std::vector<std::int64_t> fewest;
        for (unsigned seed = 0; seed < 10; ++seed) {
            std::mt19937 random(seed);
            const auto left = readings_in(cut.image(random));
            if (seed == 0 || left.size() < fewest.size()) fewest = left;
        }
        return fewest;
    }

    std::vector<std::int64_t> readings_in(const DiskImage& image) {
        const auto after = directory_ / "after";
        std::filesystem::remove_all(after);
        std::filesystem::create_directory(after);
        for (const auto& [name, content] : image)
            std::ofstream(after / name, std::ios::binary) << content;
        OutboxOptions options = options_;
        options.path = (after / "outbox.db").string();
        Outbox outbox(options);
        std::vector<std::int64_t> seqs;
        for (const StoredMessage& one : outbox.take(1000, 1 << 30))
            if (one.kind == Kind::readings) seqs.push_back(one.seq);
        return seqs;
    }

    std::vector<std::int64_t> left_by_crash() {
        Outbox outbox(crashed());
        return take_all(outbox);
    }
};

TEST_F(OutboxDurability, PowerLosesNothingToACrashOrAPowerCut) {
    DiskLog log;
    {
        Disk disk(Disk::Log::all);
        Outbox outbox(options_);
        outbox.append({made(seconds(1)), made(seconds(1))});
        outbox.append({made(seconds(2))});
        log = disk.log();
        EXPECT_THAT(left_by_crash(), ElementsAre(1, 2, 3));
    }
    EXPECT_THAT(left_by_power_cut(log, log.size()), ElementsAre(1, 2, 3));
}

class ProcessDurability : public OutboxDurability {
protected:
    ProcessDurability() { options_.durability = DurabilityMode::process; }
};

TEST_F(ProcessDurability, LosesNothingToACrash) {
    Outbox outbox(options_);
    outbox.append({made(seconds(1)), made(seconds(1))});
    EXPECT_THAT(left_by_crash(), ElementsAre(1, 2));
}

TEST_F(ProcessDurability, LosesAtMostTheLastHalfMinuteToAPowerCut) {
    DiskLog log;
    std::vector<std::size_t> moments;
    {
        Disk disk(Disk::Log::all);
        Outbox outbox(options_);
        for (int second = 1; second <= 100; ++second) {
            outbox.append({made(seconds(second))});
            outbox.tend(at(seconds(second)));
            moments.push_back(disk.log().size());
        }
        log = disk.log();
    }
    for (std::size_t second = 7; second <= moments.size(); second += 7)
        EXPECT_GE(left_by_power_cut(log, moments[second - 1]).size() + 30, second);
    EXPECT_LT(left_by_power_cut(log, moments[89]).size(), 90U) << "if nothing is ever lost, this shows nothing";
}

TEST_F(ProcessDurability, SyncsOnlyEveryHalfMinute) {
    Disk disk(Disk::Log::none);
    Outbox outbox(options_);
    outbox.tend(at(seconds(1)));
    disk.reset_counts();
    for (int second = 2; second <= 91; ++second) {
        outbox.append({made(seconds(second))});
        outbox.tend(at(seconds(second)));
    }
    EXPECT_LT(disk.counts().syncs, 10U) << "3, and SQLite's when it begins the WAL anew";
    EXPECT_GE(disk.counts().writes, 90U);
}

class DeferredDurability : public OutboxDurability {
protected:
    DeferredDurability() { options_.durability = DurabilityMode::deferred; }

    static GapRecord crash_gap(Outbox& outbox) {
        for (const StoredMessage& one : outbox.take(1000, 1 << 30))
            if (one.kind == Kind::gap) return GapRecord(one.body);
        ADD_FAILURE() << "there is no gap record";
        return GapRecord("{}");
    }
};

TEST_F(DeferredDurability, WritesNothingThatIsAckedInTime) {
    Disk disk(Disk::Log::none);
    Outbox outbox(options_);
    outbox.set_online(true);
    outbox.append({made(seconds(1))});
    settle_all(outbox);
    disk.reset_counts();

    for (int i = 4; i < 400; ++i) {
        const milliseconds now(500 * i);
        outbox.append({made(now)});
        outbox.tend(at(now));
        outbox.tend(at(now + milliseconds(400)));
        settle_all(outbox);
    }

    EXPECT_EQ(disk.counts().written_bytes, 0U);
    EXPECT_EQ(outbox.stats().acked_readings, 3970U);
    expect_balanced(outbox.stats());
}

TEST_F(DeferredDurability, WritesWhatIsNotAckedForTwoSeconds) {
    Outbox outbox(options_);
    outbox.set_online(true);
    outbox.append({made(seconds(1))});
    outbox.tend(at(milliseconds(2'999)));
    EXPECT_EQ(outbox.stats().memory_messages, 1U);

    outbox.tend(at(seconds(3)));
    EXPECT_EQ(outbox.stats().memory_messages, 0U);
    EXPECT_EQ(outbox.stats().stored_messages, 1U);
    EXPECT_THAT(take_all(outbox), ElementsAre(1));
}

TEST_F(DeferredDurability, WritesAtOnceWhenTheLinkIsGone) {
    DiskLog log;
    std::vector<std::size_t> moments;
    {
        Disk disk(Disk::Log::all);
        Outbox outbox(options_);
        outbox.set_online(true);
        outbox.append({made(seconds(1))});
        moments.push_back(disk.log().size());
        outbox.set_online(false);
        moments.push_back(disk.log().size());
        outbox.append({made(seconds(2))});
        moments.push_back(disk.log().size());
        log = disk.log();
    }
    EXPECT_THAT(left_by_power_cut(log, moments[0]), IsEmpty());
    EXPECT_THAT(left_by_power_cut(log, moments[1]), ElementsAre(1));
    EXPECT_THAT(left_by_power_cut(log, moments[2]), ElementsAre(1, 2));
}

TEST_F(DeferredDurability, LosesToACrashNoMoreThanWasInMemoryAndNamesIt) {
    Outbox outbox(options_);
    outbox.append({made(seconds(1)), made(seconds(1))});
    outbox.set_online(true);
    outbox.append({made(seconds(2)), made(seconds(2))});

    Outbox next(crashed());
    next.append({made(milliseconds(1))});
    std::vector<std::int64_t> old;
    for (const StoredMessage& one : next.take(1000, 1 << 30))
        if (one.epoch == outbox.epoch()) old.push_back(one.seq);
    EXPECT_THAT(old, ElementsAre(1, 2));
    give_all_back(next);
    const GapRecord gap = crash_gap(next);
    EXPECT_EQ(gap.reason, "crash");
    EXPECT_EQ(gap.epoch, outbox.epoch());
    EXPECT_EQ(gap.from_seq, 3);
    EXPECT_GE(gap.to_seq.value_or(0), 4);
    EXPECT_FALSE(gap.messages || gap.readings) << "nobody knows";
}

TEST_F(DeferredDurability, NeverUsesANumberAgainAfterACrash) {
    Outbox outbox(options_);
    outbox.set_online(true);
    std::int64_t last = 0;
    for (int i = 0; i < 12'000; ++i) {
        last = outbox.append({made(seconds(1))});
        settle_all(outbox);
    }
    Outbox next(crashed());
    EXPECT_GT(next.append({made(milliseconds(1))}), last);
    EXPECT_NE(next.epoch(), outbox.epoch());
    EXPECT_GE(crash_gap(next).to_seq.value_or(0), last);
}

TEST_F(DeferredDurability, LeavesNoGapAfterAnOrderlyStop) {
    {
        Outbox outbox(options_);
        outbox.set_online(true);
        outbox.append({made(seconds(1)), made(seconds(1))});
    }
    Outbox next(options_);
    EXPECT_THAT(take_all(next), ElementsAre(1, 2));
    EXPECT_EQ(next.append({made(milliseconds(1))}), 3);
}

TEST_F(DeferredDurability, WritesBeforeItTakesMuchMemory) {
    Outbox outbox(options_);
    outbox.set_online(true);
    const std::string big(30'000, 'x');
    for (int i = 0; i < 100; ++i)
        outbox.append({made(seconds(1), big)});
    EXPECT_LE(outbox.stats().memory_messages * big.size(), 1U << 20);
    EXPECT_EQ(outbox.stats().owed_messages, 100U);
}

}  // namespace
}  // namespace fieldlink
