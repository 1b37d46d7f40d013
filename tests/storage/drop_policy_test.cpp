#include <algorithm>
#include <map>

#include <gmock/gmock.h>

#include "storage/records.hpp"
#include "tests/storage/outbox_fixture.hpp"
#include "tests/storage/outbox_truth.hpp"

namespace fieldlink {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;

const std::string kBody = noise(16'000);
constexpr int kMoreThanFits = 100;

class DropPolicies : public OutboxTest {
protected:
    DropPolicies() { options_.max_bytes = 1 << 20; }

    static bool admits(Outbox& outbox) { return outbox.admits("telemetry", "boiler", {milliseconds(5000), {}}); }

    static void fill(Outbox& outbox) {
        for (int i = 0; i < kMoreThanFits; ++i)
            outbox.append({message(kBody)});
    }

    static std::uint64_t readings_in_gaps(const std::vector<StoredMessage>& messages) {
        std::uint64_t readings = 0;
        for (const StoredMessage& one : messages)
            if (one.kind == Kind::gap) readings += GapRecord(one.body).readings.value_or(0);
        return readings;
    }

    static std::vector<std::int64_t> seqs_of(Kind kind, const std::vector<StoredMessage>& messages) {
        std::vector<std::int64_t> seqs;
        for (const StoredMessage& one : messages)
            if (one.kind == kind) seqs.push_back(one.seq);
        return seqs;
    }
};

class DropNewest : public DropPolicies {
protected:
    DropNewest() { options_.when_full = DropPolicy::newest; }
};

TEST_F(DropNewest, KeepsTheOldestAndNamesWhatCameAfterThem) {
    Outbox outbox(options_);
    fill(outbox);

    const auto taken = outbox.take(1000, 1 << 30);

    const auto kept = seqs_of(Kind::readings, taken);
    ASSERT_GT(kept.size(), 20U);
    for (std::size_t i = 0; i < kept.size(); ++i)
        EXPECT_EQ(kept[i], static_cast<std::int64_t>(i) + 1);
    EXPECT_EQ(readings_in_gaps(taken), kMoreThanFits - kept.size());
    EXPECT_EQ(outbox.stats().dropped_readings, kMoreThanFits - kept.size());
    expect_balanced(outbox.stats());
    EXPECT_LE(bytes_on_disk(), options_.max_bytes);
}

TEST_F(DropNewest, RefusesReadingsWhileItIsFullAndNamesThem) {
    Outbox outbox(options_);
    EXPECT_TRUE(admits(outbox));
    fill(outbox);
    const std::uint64_t dropped = outbox.stats().dropped_readings;

    for (int i = 0; i < 7; ++i)
        EXPECT_FALSE(admits(outbox));
    outbox.commit_acks();

    EXPECT_EQ(outbox.stats().dropped_readings, dropped + 7);
    EXPECT_EQ(readings_in_gaps(outbox.take(1000, 1 << 30)), dropped + 7);
    expect_balanced(outbox.stats());
}

TEST_F(DropNewest, TakesReadingsAgainOnceSomeWereDelivered) {
    Outbox outbox(options_);
    fill(outbox);
    ASSERT_FALSE(admits(outbox));
    const std::uint64_t dropped = outbox.stats().dropped_readings;

    for (const StoredMessage& one : outbox.take(10, 1 << 30))
        outbox.settle({one.position});

    EXPECT_TRUE(admits(outbox));
    const std::int64_t newest = outbox.append({message(kBody)});
    EXPECT_THAT(take_all(outbox), Contains(newest));
    EXPECT_EQ(outbox.stats().dropped_readings, dropped);
    expect_balanced(outbox.stats());
}

TEST_F(DropNewest, StillTakesResultsWhenItIsFull) {
    Outbox outbox(options_);
    fill(outbox);
    const std::uint64_t dropped = outbox.stats().dropped_readings;
    std::vector<std::int64_t> results;
    for (int i = 0; i < 50; ++i)
        results.push_back(outbox.append({message(kBody), result(R"({"id":"c-17"})")}) + 1);

    const auto taken = outbox.take(1000, 1 << 30);

    EXPECT_EQ(seqs_of(Kind::result, taken), results);
    EXPECT_EQ(outbox.stats().dropped_readings, dropped + 50) << "the readings in the same commits";
    EXPECT_LE(bytes_on_disk(), options_.max_bytes);
}

TEST_F(DropPolicies, ThinTakesEveryReadingAgainOnceEnoughWasDelivered) {
    options_.when_full = DropPolicy::thin;
    Outbox outbox(options_);
    fill(outbox);
    ASSERT_GT(outbox.stats().thinned, 0U);
    EXPECT_TRUE(admits(outbox)) << "the first of a sensor";
    EXPECT_FALSE(admits(outbox));

    for (const StoredMessage& one : outbox.take(1000, 1 << 30))
        outbox.settle({one.position});

    EXPECT_EQ(outbox.stats().thinned, 0U);
    for (int i = 0; i < 10; ++i)
        EXPECT_TRUE(admits(outbox));
    expect_balanced(outbox.stats());
}

/// What is kept of delivered messages, and for how long.
/// 2,000 bytes that are unlike those of other numbers.
std::string some_noise(int number) {
    static const std::string kAll = noise(128 * 1024);
    return kAll.substr(static_cast<std::size_t>(number) * 1'999 % (kAll.size() - 2'000), 2'000);
}

TEST_F(DropPolicies, ThinLeavesAsItIsWhatAReceiverMayHave) {
    options_.when_full = DropPolicy::thin;
    Outbox outbox(options_);
    const auto four_readings = [](int number) {
        NewMessage one = message("", 4);
        begin_body(one.body, milliseconds(4'000));
        for (int i = 0; i < 4; ++i)
            append_record(one.body, milliseconds(i), "boiler", some_noise(number * 4 + i));
        return one;
    };
    for (int i = 0; i < 20; ++i)
        outbox.append({four_readings(i)});
    std::map<std::int64_t, std::string> sent;
    for (const StoredMessage& one : outbox.take(5, 1 << 20))
        sent[one.seq] = one.body;
    give_all_back(outbox);

    for (int i = 20; i < 120; ++i)
        outbox.append({four_readings(i)});

    std::size_t thinned = 0, kept_as_they_were = 0;
    for (const StoredMessage& one : outbox.take(1000, 1 << 30)) {
        thinned += one.kind == Kind::readings && one.readings < 4;
        if (sent.count(one.seq) == 0) continue;
        EXPECT_EQ(one.body, sent[one.seq]);
        ++kept_as_they_were;
    }
    EXPECT_EQ(kept_as_they_were, 5U);
    EXPECT_GT(thinned, 10U);
    expect_balanced(outbox.stats());
}

class KeepDelivered : public OutboxTest {
protected:
    KeepDelivered() { options_.keep_delivered = hours(1); }

    static NewMessage made(milliseconds boot, milliseconds wall) {
        NewMessage one = message("body");
        one.created = {boot, wall};
        return one;
    }

    static void deliver(Outbox& outbox, milliseconds boot, milliseconds wall) {
        outbox.append({made(boot, wall)});
        for (const StoredMessage& one : outbox.take(10, 1 << 20))
            outbox.settle({one.position});
        outbox.commit_acks();
    }

    /// The next commit tidies.
    static std::uint64_t stored_after(Outbox& outbox, milliseconds boot, milliseconds wall) {
        outbox.append({made(boot, wall)});
        return outbox.stats().stored_messages - 1;
    }
};

constexpr milliseconds kWall{1'700'000'000'000};

TEST_F(KeepDelivered, EndsByTheBootClock) {
    Outbox outbox(options_);
    deliver(outbox, hours(1), kWall);
    EXPECT_EQ(stored_after(outbox, hours(2), kWall + hours(1)), 1U);
    EXPECT_EQ(stored_after(outbox, hours(2) + milliseconds(1), kWall + hours(1)), 1U) << "the one that is owed";
}

TEST_F(KeepDelivered, IsNotEndedByStepsOfTheWallClock) {
    Outbox outbox(options_);
    deliver(outbox, hours(1), kWall);
    EXPECT_EQ(stored_after(outbox, hours(1) + milliseconds(5), kWall + hours(24'000)), 1U);
}

TEST_F(KeepDelivered, KeepsWhatIsOwedHoweverOldItIs) {
    Outbox outbox(options_);
    outbox.append({made(hours(1), kWall)});
    EXPECT_EQ(stored_after(outbox, hours(500), kWall), 1U);
    EXPECT_THAT(take_all(outbox), ElementsAre(1, 2));
}

TEST_F(KeepDelivered, OfAnEarlierBootEndsOnceThisOneIsOlderThanThat) {
    { Outbox(options_).append({made(hours(400), kWall)}); }
    options_.boot_id = "next boot";
    Outbox outbox(options_);
    for (const StoredMessage& one : outbox.take(10, 1 << 20))
        outbox.settle({one.position});

    EXPECT_EQ(stored_after(outbox, milliseconds(10), kWall + hours(24'000)), 1U) << "who knows how long ago that was";
    EXPECT_EQ(stored_after(outbox, hours(1) + milliseconds(1), kWall), 1U) << "the one that is owed";
}

TEST_F(KeepDelivered, OfAnEarlierBootEndsByTheTrueTimeIfBothBootsKnewIt) {
    {
        Outbox outbox(options_);
        outbox.set_true_offset(kWall);
        deliver(outbox, hours(400), milliseconds(0));
    }
    options_.boot_id = "next boot";
    Outbox outbox(options_);
    outbox.set_true_offset(kWall + hours(400));
    EXPECT_EQ(stored_after(outbox, hours(1) - milliseconds(1), milliseconds(0)), 1U);
    outbox.set_true_offset(kWall + hours(400) + milliseconds(5));
    EXPECT_EQ(stored_after(outbox, hours(1) - milliseconds(1), milliseconds(0)), 1U) << "the one that is owed";
}

TEST_F(DropPolicies, AFloodOfResultsPushesNoTelemetryOut) {
    Outbox outbox(options_);
    for (int i = 0; i < 25; ++i)
        outbox.append({message(kBody)});
    ASSERT_EQ(outbox.stats().dropped_readings, 0U);

    int results = 0;
    for (; outbox.has_room_for_results() && results < 10'000; ++results)
        outbox.append({result(R"({"id":"c-17","output":")" + std::string(500, 'y') + "\"}")});

    EXPECT_GT(results, 20);
    EXPECT_LT(results, 10'000);
    EXPECT_EQ(outbox.stats().dropped_readings, 0U);
    EXPECT_EQ(seqs_of(Kind::readings, outbox.take(100'000, 1 << 30)).size(), 25U);
    EXPECT_LE(bytes_on_disk(), options_.max_bytes);
}

TEST_F(DropPolicies, ThereIsRoomForResultsAgainOnceSomeWereDelivered) {
    Outbox outbox(options_);
    while (outbox.has_room_for_results())
        outbox.append({result(R"({"id":"c-17","output":")" + std::string(500, 'y') + "\"}")});

    for (const StoredMessage& one : outbox.take(100'000, 1 << 30))
        outbox.settle({one.position});
    for (int i = 0; i < 100 && !outbox.has_room_for_results(); ++i)
        outbox.append({message("small")});

    EXPECT_TRUE(outbox.has_room_for_results());
}

}  // namespace
}  // namespace fieldlink
