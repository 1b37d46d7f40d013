#include <csignal>
#include <ctime>
#include <map>
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/storage/outbox_fixture.hpp"

namespace fieldlink {
namespace {

/// What the child says, one at a time and at once: a message is committed, or it may be acked from now on.
struct Report {
    std::int64_t seq;
    std::uint32_t check;  ///< the size of its body, 0 for an ack
};

class OutboxKilled : public OutboxTest {
protected:
    OutboxKilled() { options_.max_bytes = 1 << 30; }

    [[noreturn]] void append_until_killed(int reports, unsigned seed) {
        std::mt19937 random(seed);
        Outbox outbox(options_);
        for (;;) {
            std::vector<NewMessage> batch(1 + random() % 4);
            for (NewMessage& one : batch)
                one = message(noise(1 + random() % 9'000));
            std::int64_t seq = outbox.append(batch);
            for (const NewMessage& one : batch)
                report(reports, seq++, one.body.size());
            if (random() % 2 == 0) continue;
            for (const StoredMessage& one : outbox.take(random() % 6, 50'000)) {
                report(reports, one.seq, 0);
                outbox.settle({one.seq});
            }
            if (random() % 8 == 0) give_all_back(outbox);
        }
    }

    static void report(int reports, std::int64_t seq, std::size_t check) {
        const Report one{seq, static_cast<std::uint32_t>(check)};
        if (::write(reports, &one, sizeof one) != static_cast<ssize_t>(sizeof one)) ::_exit(1);
    }

    void note(const Report& report) {
        if (report.check == 0)
            may_be_acked_.insert(report.seq);
        else
            committed_[report.seq] = report.check;
    }

    /// Runs the child until it was killed, and notes all it said.
    void run_and_kill(unsigned seed) {
        int ends[2];
        ASSERT_EQ(::pipe(ends), 0);
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) append_until_killed(ends[1], seed);
        ::close(ends[1]);
        Report report{};
        for (unsigned wanted = 1 + seed % 7; wanted > 0; --wanted) {
            ASSERT_EQ(::read(ends[0], &report, sizeof report), static_cast<ssize_t>(sizeof report));
            note(report);
        }
        // Not to wait for something but to hit any moment of a commit.
        const timespec moment{0, std::uniform_int_distribution<long>(0, 15'000'000)(random_)};
        ::nanosleep(&moment, nullptr);
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        while (::read(ends[0], &report, sizeof report) == static_cast<ssize_t>(sizeof report))
            note(report);
        ::close(ends[0]);
    }

    std::map<std::int64_t, std::size_t> committed_;
    std::set<std::int64_t> may_be_acked_;
    std::mt19937 random_{20};
};

TEST_F(OutboxKilled, LosesNoCommittedMessageAtAnyMoment) {
    for (unsigned round = 0; round < 30; ++round) {
        SCOPED_TRACE(round);
        ASSERT_NO_FATAL_FAILURE(run_and_kill(round));

        Outbox outbox(options_);
        std::map<std::int64_t, std::size_t> owed;
        for (const StoredMessage& one : outbox.take(100'000, 1 << 30))
            owed[one.seq] = one.body.size();

        for (const auto& [seq, size] : committed_) {
            const auto message = owed.find(seq);
            if (message == owed.end())
                ASSERT_EQ(may_be_acked_.count(seq), 1U) << seq << " was committed and is gone";
            else
                ASSERT_EQ(message->second, size) << seq;
        }
        const OutboxStats stats = outbox.stats();
        ASSERT_GE(stats.last_seq, committed_.rbegin()->first);
        ASSERT_EQ(stats.owed_messages, owed.size());
        ASSERT_EQ(stats.read_readings, static_cast<std::uint64_t>(stats.last_seq));
        ASSERT_EQ(stats.dropped_readings, 0U);
        expect_balanced(stats);
    }
    EXPECT_GT(committed_.size(), 100U);
}

}  // namespace
}  // namespace fieldlink
