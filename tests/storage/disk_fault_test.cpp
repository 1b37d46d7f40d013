// The disk fails at the n-th call and heals later: what append() has accepted is there, and nothing else.
#include <memory>
#include <set>

#include <gmock/gmock.h>
#include <sqlite3.h>

#include "tests/storage/outbox_fixture.hpp"
#include "tests/support/disk/disk.hpp"

namespace fieldlink {
namespace {

using Call = DiskFault::Call;
using Bodies = std::multiset<std::string>;

const std::string kFiller = '.' + noise(1500);

constexpr unsigned kCalls = 24;  ///< more than two commits make

class OutboxOnAFaultyDisk : public OutboxTest, public testing::WithParamInterface<DiskFault> {
protected:
    OutboxOnAFaultyDisk() { options_.max_bytes = 1 << 20; }

    void append(Outbox& outbox, int appends) {
        for (int i = 0; i < appends; ++i) {
            // Those that throw have appended nothing, and the next ones are others.
            const std::string text = std::to_string(++number_);
            try {
                outbox.append({message(text + kFiller), result(text + " result" + kFiller)});
                accepted_.insert({text, text + " result"});
            } catch (const StorageError&) {
                continue;
            }
        }
    }

    static std::string without_filler(const std::string& body) {
        const std::size_t end = body.find('.');
        return end != std::string::npos && body.substr(end) == kFiller ? body.substr(0, end) : "changed: " + body;
    }

    static Bodies owed(Outbox& outbox) {
        Bodies bodies;
        give_all_back(outbox);
        for (const StoredMessage& message : outbox.take(10'000, 1 << 30))
            bodies.insert(without_filler(message.body));
        return bodies;
    }

    /// Takes one message and settles it, if the disk lets it.
    void deliver(Outbox& outbox) {
        try {
            for (const StoredMessage& message : outbox.take(1, 1 << 20)) {
                outbox.settle({message.position});
                EXPECT_EQ(accepted_.erase(without_filler(message.body)), 1U);
            }
            outbox.commit_acks();
        } catch (const StorageError&) {
            return;
        }
    }

    Bodies accepted_;
    int number_ = 0;
};

TEST_P(OutboxOnAFaultyDisk, KeepsWhatItHasAcceptedAndNothingElse) {
    std::uint64_t failed = 0;
    for (unsigned calls = 0; calls < kCalls; ++calls) {
        SCOPED_TRACE("after " + std::to_string(calls) + " calls");
        Disk disk(Disk::Log::none);
        options_.path = (directory_ / (std::to_string(calls) + ".db")).string();
        accepted_.clear();
        auto outbox = std::make_unique<Outbox>(options_);
        append(*outbox, 3);
        outbox.reset();
        outbox = std::make_unique<Outbox>(options_);  // which has nothing in its cache

        DiskFault fault = GetParam();
        fault.after = calls;
        disk.fail(fault);
        append(*outbox, 2);
        deliver(*outbox);
        append(*outbox, 4);
        disk.heal();
        outbox->tend({std::chrono::hours(1), std::chrono::hours(400'000)});
        append(*outbox, 2);

        EXPECT_EQ(owed(*outbox), accepted_);
        expect_balanced(outbox->stats());
        outbox->commit_acks();
        outbox.reset();
        outbox = std::make_unique<Outbox>(options_);
        EXPECT_EQ(owed(*outbox), accepted_) << "after another start";
        expect_balanced(outbox->stats());
        failed += disk.counts().failed;
    }
    EXPECT_GT(failed, 0U) << "nothing was made to fail";
}

INSTANTIATE_TEST_SUITE_P(
    Faults, OutboxOnAFaultyDisk,
    testing::Values(DiskFault{Call::write, SQLITE_FULL}, DiskFault{Call::write, SQLITE_FULL, 0, true},
                    DiskFault{Call::write, SQLITE_IOERR_WRITE}, DiskFault{Call::write, SQLITE_READONLY},
                    DiskFault{Call::sync, SQLITE_IOERR_FSYNC}, DiskFault{Call::read, SQLITE_IOERR_READ}));

}  // namespace
}  // namespace fieldlink
