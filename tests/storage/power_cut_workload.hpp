#pragma once

#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/storage/outbox_truth.hpp"
#include "tests/support/disk/disk.hpp"

namespace fieldlink {

/// Weeks of an outbox in a few seconds, with the log of all that it did to the disk: batches of readings, results and
/// big bodies, acks, refusals, connections that end, losses before the append; starts and stops; limits that are raised
/// and lowered; a second between two appends; and so much of it all that the WAL is copied many times and old messages
/// are dropped.
class PowerCutWorkload {
public:
    PowerCutWorkload(OutboxOptions options, unsigned seed);

    void run();

    const DiskLog& log() const { return log_; }
    const Truth& truth() const { return truth_; }

    /// As the outbox ran at that moment.
    const OutboxOptions& options_at(std::size_t moment) const;

    /// Those of every start so far.
    const std::set<std::string>& epochs() const { return epochs_; }

    /// The readings that were lost before an append by then, and committed by then.
    std::uint64_t readings_lost_before(std::size_t moment) const;

private:
    struct Start {
        std::size_t moment;
        OutboxOptions options;
    };
    struct Lost {
        std::size_t committed;
        std::uint64_t readings;
    };
    void run_between_two_starts(std::uint64_t max_bytes, int appends);
    void append(Outbox& outbox);
    void take_and_settle(Outbox& outbox);
    std::vector<NewMessage> batch();
    std::string body(std::size_t bytes);
    void committed();
    std::size_t now() const { return disk_->log().size(); }

    OutboxOptions options_;
    std::mt19937 random_;
    std::unique_ptr<Disk> disk_;  ///< while it runs
    DiskLog log_;
    Truth truth_;
    std::vector<Start> starts_;
    std::set<std::string> epochs_;
    std::vector<Lost> lost_;
    std::uint64_t lost_since_commit_ = 0;
    std::chrono::milliseconds clock_{5000};
};

}  // namespace fieldlink
