#include <random>

#include "tests/storage/outbox_fixture.hpp"

namespace fieldlink {
namespace {

class OutboxSize : public OutboxTest {
protected:
    OutboxSize() { options_.max_bytes = 1 << 20; }
};

/// Sizes from tiny to the service's limit, ten times what fits, some of it acked, looked at after each append.
TEST_F(OutboxSize, StaysWithinTheLimitOnDisk) {
    for (const std::size_t largest : {400U, 4'000U, 64'000U}) {
        std::mt19937 random(7);
        Outbox outbox(options_);
        std::uint64_t appended = 0;
        while (appended < 10 * options_.max_bytes) {
            std::vector<NewMessage> batch(largest < 1'000U ? 20 : 1);
            for (NewMessage& one : batch)
                one = message(noise(random() % largest), 3);
            const std::int64_t first = outbox.append(batch);
            for (const NewMessage& one : batch)
                appended += one.body.size() + 100;
            if (random() % 3 == 0) outbox.settle({first, first - 7, first - 20});
            ASSERT_LE(bytes_on_disk(), options_.max_bytes);
            ASSERT_EQ(outbox.stats().file_bytes, bytes_on_disk());
        }
        expect_balanced(outbox.stats());
        // A quarter is the WAL's, another one is kept for results: 256 KiB, however small the whole is.
        EXPECT_GT(outbox.stats().used_bytes, options_.max_bytes * 2 / 5) << "most of the rest is used";
    }
}

/// The worst for the WAL: every second message delivered, so that freeing space touches a page for each.
TEST_F(OutboxSize, StaysWithinTheLimitWhenDeliveredAndOwedAlternate) {
    Outbox outbox(options_);
    const std::string small = noise(60);
    const std::string large = noise(64'000);
    for (int round = 0; round < 200; ++round) {
        const std::vector<NewMessage> batch(20, message(small));
        const std::int64_t first = outbox.append(batch);
        std::vector<std::int64_t> acked;
        for (std::int64_t seq = first; seq < first + 20; seq += 2)
            acked.push_back(seq);
        outbox.settle(acked);
        ASSERT_LE(bytes_on_disk(), options_.max_bytes) << round;
    }
    for (int round = 0; round < 50; ++round) {
        outbox.append({message(large)});
        ASSERT_LE(bytes_on_disk(), options_.max_bytes) << round;
    }
}

TEST_F(OutboxSize, TakesInOneAppendWhatTheContractSaysAlsoWhenItIsFull) {
    Outbox outbox(options_);
    const NewMessage largest = message(noise(Outbox::kMaxAppendBytes - 300));
    while (outbox.stats().dropped_readings == 0)
        outbox.append({largest});
    for (const std::size_t count : {1U, 10U, 60U, 240U}) {
        const std::size_t share = Outbox::kMaxAppendBytes / count - 256 - std::string("boiler").size();
        outbox.append(std::vector<NewMessage>(count, message(noise(share))));
        EXPECT_LE(bytes_on_disk(), options_.max_bytes) << count;
    }
}

TEST_F(OutboxSize, TakesInSeveralCommitsWhatTheLimitCannotHoldInOne) {
    Outbox outbox(options_);
    EXPECT_EQ(outbox.append(std::vector<NewMessage>(5, message(noise(60'000)))), 1);
    EXPECT_EQ(outbox.append({message("a")}), 6);
    EXPECT_EQ(take_all(outbox).size(), 6U);
}

TEST_F(OutboxSize, CountsAMessageThatNoCommitCanHoldAsLost) {
    Outbox outbox(options_);
    outbox.append({message(noise(70'000), 9)});
    EXPECT_EQ(outbox.stats().dropped_by_reason, (std::map<std::string, std::uint64_t>{{"queue_full", 9}}));
    outbox.append({message("a")});
    const auto taken = outbox.take(10, 1000);
    ASSERT_EQ(taken.size(), 2U);
    EXPECT_EQ(taken[0].kind, Kind::gap);
    expect_balanced(outbox.stats());
}

}  // namespace
}  // namespace fieldlink
