#include "storage/ledger.hpp"

#include <algorithm>
#include <cassert>

namespace fieldlink {
namespace {

std::int64_t column(std::uint64_t count) {
    return static_cast<std::int64_t>(count);
}

std::uint64_t count(const Rows& rows, int index) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(rows.integer(index), 0));
}

// Counts of a damaged row may be wrong; they must not turn a total into a huge number.
void subtract(std::uint64_t& total, std::uint64_t& part) {
    part = std::min(part, total);
    total -= part;
}

}  // namespace

Ledger::Ledger(Database& database)
    : save_interval_(database, "INSERT OR REPLACE INTO owed VALUES(?1, ?2, ?3)"),
      erase_interval_(database, "DELETE FROM owed WHERE first = ?1"),
      save_counters_(database,
                     "UPDATE ledger SET last_seq = ?1, stored = ?2, owed_messages = ?3, owed_readings = ?4, "
                     "read_readings = ?5, acked_readings = ?6, dropped_readings = ?7 WHERE id = 1") {
    // Should the counter be damaged, no row's number may come again.
    Statement counters(database, R"(
SELECT max(last_seq, coalesce((SELECT seq FROM message ORDER BY seq DESC LIMIT 1), 0),
  coalesce((SELECT seq FROM urgent ORDER BY seq DESC LIMIT 1), 0)),
  stored, owed_messages, owed_readings, read_readings, acked_readings, dropped_readings FROM ledger WHERE id = 1)");
    Rows rows = counters.query();
    if (rows.next())
        counters_ = {rows.integer(0), count(rows, 1), count(rows, 2), count(rows, 3),
                     count(rows, 4),  count(rows, 5), count(rows, 6)};
    Statement intervals(database, "SELECT first, last, urgent FROM owed");
    Rows owed = intervals.query();
    while (owed.next()) {
        const std::int64_t last = std::min(owed.integer(1), counters_.last_seq);
        if (owed.integer(0) <= last) (owed.integer(2) != 0 ? urgent_ : owed_).add(owed.integer(0), last);
    }
    owed_.saved();
    urgent_.saved();
}

void Ledger::apply(const Change& change) {
    OwedSet& set = change.urgent ? urgent_ : owed_;
    if (change.added)
        set.add(change.first, change.last);
    else
        set.remove(change.first, change.last);
}

void Ledger::change(const Change& change) {
    apply(change);
    unsaved_ = true;
    if (committing_) in_commit_.push_back(change);
}

void Ledger::appended(std::int64_t seq, bool urgent, std::uint64_t readings) {
    assert(seq == counters_.last_seq + 1);
    counters_.last_seq = seq;
    ++counters_.stored;
    ++counters_.owed_messages;
    counters_.owed_readings += readings;
    counters_.read_readings += readings;
    change({seq, seq, urgent, true});
}

void Ledger::acked(std::int64_t seq, bool urgent, std::uint64_t readings) {
    std::uint64_t one = 1;
    subtract(counters_.owed_messages, one);
    subtract(counters_.owed_readings, readings);
    counters_.acked_readings += readings;
    change({seq, seq, urgent, false});
}

void Ledger::lost(std::int64_t first, std::int64_t last, bool urgent, std::uint64_t readings) {
    auto messages = static_cast<std::uint64_t>(last - first + 1);
    subtract(counters_.owed_messages, messages);
    subtract(counters_.owed_readings, readings);
    counters_.dropped_readings += readings;
    change({first, last, urgent, false});
}

void Ledger::lost_before_append(std::uint64_t readings) {
    counters_.read_readings += readings;
    counters_.dropped_readings += readings;
    unsaved_ = true;
}

void Ledger::row_removed() {
    std::uint64_t one = 1;
    subtract(counters_.stored, one);
    unsaved_ = true;
}

void Ledger::begin() {
    before_ = counters_;
    unsaved_before_ = unsaved_;
    in_commit_.clear();
    committing_ = true;
}

void Ledger::save(const OwedSet& set, bool urgent) {
    for (const std::int64_t first : set.changed()) {
        const auto interval = set.intervals().find(first);
        if (interval == set.intervals().end())
            erase_interval_.run(first);
        else
            save_interval_.run(first, interval->second, std::int64_t{urgent});
    }
}

void Ledger::save() {
    save(owed_, false);
    save(urgent_, true);
    save_counters_.run(counters_.last_seq, column(counters_.stored), column(counters_.owed_messages),
                       column(counters_.owed_readings), column(counters_.read_readings),
                       column(counters_.acked_readings), column(counters_.dropped_readings));
}

void Ledger::committed() {
    owed_.saved();
    urgent_.saved();
    in_commit_.clear();
    unsaved_ = committing_ = false;
}

void Ledger::rolled_back() {
    for (auto last = in_commit_.rbegin(); last != in_commit_.rend(); ++last)
        apply({last->first, last->last, last->urgent, !last->added});
    counters_ = before_;
    unsaved_ = unsaved_before_;
    in_commit_.clear();
    committing_ = false;
}

}  // namespace fieldlink
