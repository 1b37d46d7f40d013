#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "storage/owed_set.hpp"
#include "storage/sqlite.hpp"

namespace fieldlink {

/// Counts since the file was made. Readings: read = acked + owed + dropped + quarantined always holds.
struct Counters {
    std::int64_t last_position = 0;
    std::int64_t reserved_position = 0;  ///< up to here, positions may have been used without being on disk
    std::uint64_t stored = 0, owed_messages = 0, owed_readings = 0;
    std::uint64_t read_readings = 0, acked_readings = 0, dropped_readings = 0, quarantined_readings = 0;
    std::uint64_t replayed_readings = 0, salvaged_readings = 0;  ///< on the side: replayed ones were acked before
    std::uint64_t urgent_bytes = 0;                              ///< that rows of the table `urgent` take, about
    std::uint64_t thinned = 0;                                   ///< how often thinning has halved the log: Thinning
    std::int64_t thin_next = 0, thin_last = 0;
};

/// What is owed, and how many messages and readings there are of each fate.
///
/// Changes are in memory at once and on disk with the next commit: between begin() and committed() or rolled_back()
/// lie the changes of that commit, and only those are taken back; acks from before wait for the next one.
/// ledger_file.cpp reads and writes the file.
class Ledger {
public:
    explicit Ledger(Database& database);

    const Counters& counters() const { return counters_; }
    const std::map<std::string, std::uint64_t>& dropped() const { return dropped_; }  ///< readings by reason
    const OwedSet& owed() const { return owed_; }                                     ///< of the table `message`
    const OwedSet& urgent() const { return urgent_; }                                 ///< of the table `urgent`
    const OwedSet& replayed() const { return replayed_; }                             ///< of both: owed once more
    bool unsaved() const { return unsaved_; }      ///< something is to be written that was not asked for by a commit
    bool was_clean() const { return was_clean_; }  ///< the file was closed in an orderly way

    /// How many intervals the next save() writes.
    std::size_t changed_intervals() const;

    /// A message was written at this position, a new one or one that was salvaged; it is owed.
    void appended(std::int64_t position, bool urgent, std::uint64_t readings, std::uint64_t bytes);

    /// Positions up to this one are used, or reserved for messages that may never be written.
    void used(std::int64_t position);
    void reserve(std::int64_t position);

    /// An owed message was acked.
    void acked(std::int64_t position, bool urgent, std::uint64_t readings);

    /// A message that never was on disk was acked; what else is unsaved decides when that is written.
    void acked_in_memory(std::uint64_t readings);

    /// An owed message that is not urgent is refused for good: `quarantined` of its readings never arrive, the others
    /// did. Its row stays stored.
    void refused(std::int64_t position, std::uint64_t readings, std::uint64_t quarantined);

    /// A delivered message is owed again; and one that was is so no more, though it was not acked again.
    void replayed(std::int64_t position, bool urgent, std::uint64_t readings);
    void replay_given_up(std::int64_t position, bool urgent, std::uint64_t readings);

    /// Owed messages will never be delivered. Rows that are still there stay stored.
    void lost(std::int64_t first, std::int64_t last, bool urgent, std::uint64_t readings, const std::string& reason);

    /// Some readings of an owed message were given up.
    void thinned(std::uint64_t readings, const std::string& reason);

    /// Readings were lost that never were in a message on disk.
    void lost_before_append(std::uint64_t readings, const std::string& reason);

    /// What was read again from a damaged file counts as read; `readings` of it are on the side.
    void salvaged(std::uint64_t readings);

    /// A row left the disk.
    void row_removed(bool urgent, std::uint64_t bytes);

    void set_thinning(std::uint64_t thinned, std::int64_t next, std::int64_t last);

    void begin();
    void save(bool clean);
    void committed();
    void rolled_back();

private:
    struct Change {
        OwedSet* set;
        std::int64_t first, last;
        bool added;
    };
    void load_counters(Database& database);
    void load_intervals(Database& database);
    OwedSet& set(bool urgent) { return urgent ? urgent_ : owed_; }
    void change(OwedSet& set, std::int64_t first, std::int64_t last, bool added);
    void drop(std::uint64_t readings, const std::string& reason);
    void account_for_destroyed();
    void save(const OwedSet& set, bool urgent);
    void save_replayed();

    Statement save_interval_, erase_interval_, save_replayed_, erase_replayed_, save_dropped_, save_counters_;
    Counters counters_, before_;
    std::map<std::string, std::uint64_t> dropped_, dropped_before_, dropped_saved_;
    OwedSet owed_, urgent_, replayed_;
    std::vector<Change> in_commit_;
    bool unsaved_ = false, unsaved_before_ = false, committing_ = false, was_clean_ = true;
};

}  // namespace fieldlink
