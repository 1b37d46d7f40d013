// What an operation costs must not depend on how much is stored, nor on how much is on its way. Counted is what goes to
// and from the disk, and how often is asked what is owed, which is the same on every machine.
#include <algorithm>
#include <cstdio>

#include <gmock/gmock.h>

#include "storage/sending.hpp"
#include "tests/storage/outbox_fixture.hpp"
#include "tests/support/disk/disk.hpp"

namespace fieldlink {
namespace {

constexpr std::size_t kFew = 1000, kMany = 1'000'000;
constexpr int kOperations = 400;
constexpr double kMostRatio = 1.2;
// SQLite's cache may hold all of the short file and never the long one, of which each leaf is then read once.
constexpr std::uint64_t kCachedBytes = kOperations * 128, kCachedCalls = kOperations / 4;
constexpr std::uint64_t kMostReadAtOpening = 1'000'000;

struct Costs {
    DiskCounts append, take, settle, open;
};

class OutboxCosts : public OutboxTest {
protected:
    OutboxCosts() { options_.max_bytes = std::uint64_t{1} << 30; }

    /// A fresh file with so many small messages, stopped cleanly.
    void store(std::size_t messages) {
        options_.path = (directory_ / ("outbox-" + std::to_string(messages) + ".db")).string();
        Outbox outbox(options_);
        const NewMessage one = message("a small body");
        const std::vector<NewMessage> batch(Outbox::kMaxAppendBytes / 300, one);
        for (std::size_t stored = 0; stored < messages; stored += batch.size())
            outbox.append(std::vector<NewMessage>(
                batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(std::min(batch.size(), messages - stored))));
        ASSERT_EQ(outbox.stats().owed_messages, messages);
    }

    /// Opens the file, runs the operations and closes it again, which writes what a WAL has put off.
    template <class Operation>
    DiskCounts count(Operation operation) {
        Disk disk(Disk::Log::none);
        {
            Outbox outbox(options_);
            disk.reset_counts();
            for (int i = 0; i < kOperations; ++i)
                operation(outbox);
        }
        return disk.counts();
    }

    Costs measure(std::size_t messages) {
        store(messages);
        Costs costs;
        {
            Disk disk(Disk::Log::none);
            const Outbox outbox(options_);
            costs.open = disk.counts();
        }
        const NewMessage one = message(noise(2000));
        costs.append = count([&](Outbox& outbox) { outbox.append({one}); });
        costs.take = count([&](Outbox& outbox) { EXPECT_EQ(outbox.take(1, 1 << 20).size(), 1U); });
        costs.settle = count([](Outbox& outbox) { settle_next(outbox); });
        return costs;
    }

    static void settle_next(Outbox& outbox) {
        for (const StoredMessage& next : outbox.take(1, 1 << 20))
            outbox.settle({next.position});
        outbox.commit_acks();
    }
};

std::uint64_t bytes(const DiskCounts& counts) {
    return counts.read_bytes + counts.written_bytes;
}

std::uint64_t calls(const DiskCounts& counts) {
    return counts.reads + counts.writes;
}

void expect_same(const char* what, const DiskCounts& few, const DiskCounts& many) {
    std::printf("%-13s few: %8ju bytes in %6ju calls, %4ju syncs; many: %8ju bytes in %6ju calls, %4ju syncs\n", what,
                bytes(few), calls(few), few.syncs, bytes(many), calls(many), many.syncs);
    EXPECT_LE(static_cast<double>(bytes(many)), kMostRatio * static_cast<double>(bytes(few) + kCachedBytes)) << what;
    EXPECT_LE(static_cast<double>(calls(many)), kMostRatio * static_cast<double>(calls(few) + kCachedCalls)) << what;
    EXPECT_LE(many.syncs, few.syncs + 2) << what;
}

TEST_F(OutboxCosts, GrowWithNothing) {
    std::printf("%zu and %zu messages, %d operations each\n", kFew, kMany, kOperations);
    const Costs few = measure(kFew);
    const Costs more = measure(kMany);

    expect_same("append", few.append, more.append);
    expect_same("take", few.take, more.take);
    expect_same("take, settle", few.settle, more.settle);
    std::printf("opening after a clean stop reads %ju bytes of the short one, %ju of the long one\n",
                few.open.read_bytes, more.open.read_bytes);
    EXPECT_LE(more.open.read_bytes, kMostReadAtOpening);
}

/// Counts how often it is asked; each answer costs a logarithm.
class CountingOwed : public Owed {
public:
    std::optional<std::int64_t> next_after(std::int64_t position, bool urgent) const override {
        ++questions;
        return (urgent ? none_ : plain).next_after(position);
    }
    bool is_complete() const override { return true; }

    OwedSet plain;
    mutable std::uint64_t questions = 0;

private:
    OwedSet none_;
};

class SendingCosts : public testing::Test {
protected:
    static constexpr std::int64_t kInFlight = 16'384;
    static constexpr std::uint64_t kMostQuestions = 6;  // of three lanes

    SendingCosts() {
        owed_.plain.add(1, kInFlight);
        while (const auto next = sending_.next(owed_))
            sending_.taken(*next, {}, owed_);
    }

    /// One by one, all that may be handed out.
    std::int64_t take_all() {
        std::int64_t taken = 0;
        for (owed_.questions = 0; const auto next = sending_.next(owed_); owed_.questions = 0) {
            EXPECT_LE(owed_.questions, kMostQuestions) << next->position;
            sending_.taken(*next, {}, owed_);
            ++taken;
        }
        EXPECT_LE(owed_.questions, kMostQuestions) << "nothing is left";
        return taken;
    }

    CountingOwed owed_;
    Sending sending_{true, 0};
};

TEST_F(SendingCosts, DoNotGrowWithWhatIsInFlightInFront) {
    sending_.begin_live(kInFlight);
    owed_.plain.add(kInFlight + 1, kInFlight + 500);
    EXPECT_EQ(take_all(), 500);
}

TEST_F(SendingCosts, DoNotGrowWithWhatIsInFlightHereAndThere) {
    for (std::int64_t position = 2; position <= kInFlight; position += 4)
        sending_.give_back(position);
    for (std::int64_t position = 3; position <= kInFlight; position += 4) {
        owed_.plain.remove(position, position);
        sending_.settled(position);
    }
    EXPECT_EQ(take_all(), kInFlight / 4);
}

TEST_F(SendingCosts, DoNotGrowWithWhatWasAckedAfterItWasGivenBack) {
    for (std::int64_t position = 2; position <= kInFlight; position += 2) {
        sending_.give_back(position);
        owed_.plain.remove(position, position);
        sending_.settled(position);
    }
    EXPECT_EQ(take_all(), 0);
}

TEST_F(SendingCosts, DoNotGrowWithWhatLeftTheOutboxUnheard) {
    for (std::int64_t position = 2; position <= kInFlight; position += 2) {
        sending_.give_back(position);
        owed_.plain.remove(position, position);
    }
    owed_.plain.add(kInFlight + 1, kInFlight + 2);
    const auto next = sending_.next(owed_);  // passes over all that, this once
    ASSERT_TRUE(next.has_value());
    sending_.taken(*next, {}, owed_);
    EXPECT_EQ(take_all(), 1);
}

}  // namespace
}  // namespace fieldlink
