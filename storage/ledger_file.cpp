#include <algorithm>

#include "storage/ledger.hpp"

namespace fieldlink {
namespace {

std::int64_t column(std::uint64_t count) {
    return static_cast<std::int64_t>(count);
}

std::uint64_t count(const Rows& rows, int index) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(rows.integer(index), 0));
}

}  // namespace

Ledger::Ledger(Database& database)
    : save_interval_(database, "INSERT OR REPLACE INTO owed VALUES(?1, ?2, ?3)"),
      erase_interval_(database, "DELETE FROM owed WHERE first = ?1"),
      save_replayed_(database, "INSERT OR REPLACE INTO replayed VALUES(?1, ?2)"),
      erase_replayed_(database, "DELETE FROM replayed WHERE first = ?1"),
      save_dropped_(database, "INSERT OR REPLACE INTO dropped VALUES(?1, ?2)"),
      save_counters_(database, R"(
UPDATE ledger SET last_position = ?1, reserved_position = ?2, stored = ?3, owed_messages = ?4, owed_readings = ?5,
  read_readings = ?6, acked_readings = ?7, dropped_readings = ?8, quarantined_readings = ?9, replayed_readings = ?10,
  salvaged_readings = ?11, urgent_bytes = ?12, thinned = ?13, thin_next = ?14, thin_last = ?15, clean = ?16
  WHERE id = 1)") {
    load_counters(database);
    load_intervals(database);
}

void Ledger::load_counters(Database& database) {
    // Should the counter be damaged, no row's position may come again.
    Statement counters(database, R"(
SELECT max(last_position, coalesce((SELECT position FROM message ORDER BY position DESC LIMIT 1), 0),
  coalesce((SELECT position FROM urgent ORDER BY position DESC LIMIT 1), 0)), reserved_position,
  stored, owed_messages, owed_readings, read_readings, acked_readings, dropped_readings, quarantined_readings,
  replayed_readings, salvaged_readings, urgent_bytes, thinned, thin_next, thin_last, clean FROM ledger WHERE id = 1)");
    Rows rows = counters.query();
    if (!rows.next()) return;
    counters_ = {rows.integer(0), rows.integer(1), count(rows, 2),  count(rows, 3),   count(rows, 4),
                 count(rows, 5),  count(rows, 6),  count(rows, 7),  count(rows, 8),   count(rows, 9),
                 count(rows, 10), count(rows, 11), count(rows, 12), rows.integer(13), rows.integer(14)};
    was_clean_ = rows.integer(15) != 0;
    Statement by_reason(database, "SELECT reason, readings FROM dropped");
    Rows reasons = by_reason.query();
    while (reasons.next())
        dropped_[std::string(reasons.bytes(0))] = count(reasons, 1);
    dropped_saved_ = dropped_;
}

void Ledger::load_intervals(Database& database) {
    Statement intervals(database, "SELECT first, last, urgent FROM owed");
    Rows owed = intervals.query();
    while (owed.next()) {
        const std::int64_t last = std::min(owed.integer(1), counters_.last_position);
        if (owed.integer(0) <= last) set(owed.integer(2) != 0).add(owed.integer(0), last);
    }
    Statement again(database, "SELECT first, last FROM replayed");
    Rows replayed = again.query();
    while (replayed.next())
        if (replayed.integer(0) <= replayed.integer(1)) replayed_.add(replayed.integer(0), replayed.integer(1));
    owed_.saved();
    urgent_.saved();
    replayed_.saved();
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

void Ledger::save_replayed() {
    for (const std::int64_t first : replayed_.changed()) {
        const auto interval = replayed_.intervals().find(first);
        if (interval == replayed_.intervals().end())
            erase_replayed_.run(first);
        else
            save_replayed_.run(first, interval->second);
    }
}

void Ledger::save(bool clean) {
    save(owed_, false);
    save(urgent_, true);
    save_replayed();
    for (const auto& [reason, readings] : dropped_)
        if (const auto saved = dropped_saved_.find(reason); saved == dropped_saved_.end() || saved->second != readings)
            save_dropped_.run(reason, column(readings));
    save_counters_.run(
        counters_.last_position, counters_.reserved_position, column(counters_.stored), column(counters_.owed_messages),
        column(counters_.owed_readings), column(counters_.read_readings), column(counters_.acked_readings),
        column(counters_.dropped_readings), column(counters_.quarantined_readings), column(counters_.replayed_readings),
        column(counters_.salvaged_readings), column(counters_.urgent_bytes), column(counters_.thinned),
        counters_.thin_next, counters_.thin_last, std::int64_t{clean});
}

}  // namespace fieldlink
