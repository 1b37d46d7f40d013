#pragma once

#include <cstdint>
#include <vector>

#include "storage/owed_set.hpp"
#include "storage/sqlite.hpp"

namespace fieldlink {

struct Counters {
    std::int64_t last_seq = 0;
    std::uint64_t stored = 0, owed_messages = 0, owed_readings = 0;
    std::uint64_t read_readings = 0, acked_readings = 0, dropped_readings = 0;
};

/// What is owed, and how many messages and readings there are of each fate:
/// read = acked + owed + dropped always holds.
///
/// Changes are in memory at once and on disk with the next commit: between begin() and committed() or rolled_back()
/// lie the changes of that commit, and only those are taken back; acks from before wait for the next one.
class Ledger {
public:
    explicit Ledger(Database& database);

    const Counters& counters() const { return counters_; }
    const OwedSet& owed() const { return owed_; }      ///< of the table `message`
    const OwedSet& urgent() const { return urgent_; }  ///< of the table `urgent`
    bool unsaved() const { return unsaved_; }

    /// A message got this number, which must be the next one; it is owed.
    void appended(std::int64_t seq, bool urgent, std::uint64_t readings);

    /// An owed message was acked.
    void acked(std::int64_t seq, bool urgent, std::uint64_t readings);

    /// Owed messages will never be delivered. Rows that are still there stay stored.
    void lost(std::int64_t first, std::int64_t last, bool urgent, std::uint64_t readings);

    /// Readings were lost that never were in a message.
    void lost_before_append(std::uint64_t readings);

    /// A row left the disk.
    void row_removed();

    void begin();
    void save();
    void committed();
    void rolled_back();

private:
    struct Change {
        std::int64_t first, last;
        bool urgent, added;
    };
    void change(const Change& change);
    void apply(const Change& change);
    void save(const OwedSet& set, bool urgent);

    Statement save_interval_, erase_interval_, save_counters_;
    Counters counters_, before_;
    OwedSet owed_, urgent_;
    std::vector<Change> in_commit_;
    bool unsaved_ = false, unsaved_before_ = false, committing_ = false;
};

}  // namespace fieldlink
