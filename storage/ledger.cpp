#include "storage/ledger.hpp"

#include <algorithm>
#include <utility>

namespace fieldlink {
namespace {

// Counts of a damaged row may be wrong; they must not turn a total into a huge number.
void subtract(std::uint64_t& total, std::uint64_t& part) {
    part = std::min(part, total);
    total -= part;
}

}  // namespace

std::size_t Ledger::changed_intervals() const {
    return owed_.changed().size() + urgent_.changed().size() + replayed_.changed().size();
}

void Ledger::change(OwedSet& set, std::int64_t first, std::int64_t last, bool added) {
    if (added)
        set.add(first, last);
    else
        set.remove(first, last);
    unsaved_ = true;
    if (committing_) in_commit_.push_back({&set, first, last, added});
}

void Ledger::appended(std::int64_t position, bool urgent, std::uint64_t readings, std::uint64_t bytes) {
    used(position);
    ++counters_.stored;
    ++counters_.owed_messages;
    counters_.owed_readings += readings;
    counters_.read_readings += readings;
    if (urgent) counters_.urgent_bytes += bytes;
    change(set(urgent), position, position, true);
}

void Ledger::used(std::int64_t position) {
    counters_.last_position = std::max(counters_.last_position, position);
}

void Ledger::reserve(std::int64_t position) {
    counters_.reserved_position = position;
    unsaved_ = true;
}

void Ledger::acked(std::int64_t position, bool urgent, std::uint64_t readings) {
    std::uint64_t one = 1;
    subtract(counters_.owed_messages, one);
    subtract(counters_.owed_readings, readings);
    counters_.acked_readings += readings;
    change(set(urgent), position, position, false);
    if (replayed_.contains(position)) change(replayed_, position, position, false);
    account_for_destroyed();
}

void Ledger::acked_in_memory(std::uint64_t readings) {
    counters_.read_readings += readings;
    counters_.acked_readings += readings;
}

void Ledger::refused(std::int64_t position, std::uint64_t readings, std::uint64_t quarantined) {
    std::uint64_t one = 1;
    subtract(counters_.owed_messages, one);
    subtract(counters_.owed_readings, readings);
    quarantined = std::min(quarantined, readings);
    counters_.quarantined_readings += quarantined;
    counters_.acked_readings += readings - quarantined;
    change(owed_, position, position, false);
    account_for_destroyed();
}

/// How many readings were in a row that has gone nobody knows. Once nothing is owed any more, all that is left of the
/// count was in such rows.
void Ledger::account_for_destroyed() {
    if (owed_.size() + urgent_.size() != 0) return;
    counters_.owed_messages = 0;
    if (counters_.owed_readings != 0) drop(std::exchange(counters_.owed_readings, 0), "corrupt");
}

void Ledger::replayed(std::int64_t position, bool urgent, std::uint64_t readings) {
    subtract(counters_.acked_readings, readings);
    ++counters_.owed_messages;
    counters_.owed_readings += readings;
    counters_.replayed_readings += readings;
    change(set(urgent), position, position, true);
    change(replayed_, position, position, true);
}

void Ledger::replay_given_up(std::int64_t position, bool urgent, std::uint64_t readings) {
    acked(position, urgent, readings);
}

void Ledger::drop(std::uint64_t readings, const std::string& reason) {
    counters_.dropped_readings += readings;
    dropped_[reason] += readings;
    unsaved_ = true;
}

void Ledger::lost(std::int64_t first, std::int64_t last, bool urgent, std::uint64_t readings,
                  const std::string& reason) {
    auto messages = static_cast<std::uint64_t>(last - first + 1);
    subtract(counters_.owed_messages, messages);
    subtract(counters_.owed_readings, readings);
    drop(readings, reason);
    change(set(urgent), first, last, false);
    // Removing what is not in it changes nothing, but could not be taken back as one interval.
    if (const auto again = replayed_.next_after(first - 1); again && *again <= last) {
        const std::int64_t end = std::min(replayed_.end_of_run(*again), last);
        change(replayed_, *again, end, false);
    }
    account_for_destroyed();
}

void Ledger::thinned(std::uint64_t readings, const std::string& reason) {
    subtract(counters_.owed_readings, readings);
    drop(readings, reason);
}

void Ledger::lost_before_append(std::uint64_t readings, const std::string& reason) {
    counters_.read_readings += readings;
    drop(readings, reason);
}

void Ledger::salvaged(std::uint64_t readings) {
    counters_.salvaged_readings += readings;
}

void Ledger::row_removed(bool urgent, std::uint64_t bytes) {
    std::uint64_t one = 1;
    subtract(counters_.stored, one);
    if (urgent) subtract(counters_.urgent_bytes, bytes);
    unsaved_ = true;
}

void Ledger::set_thinning(std::uint64_t thinned, std::int64_t next, std::int64_t last) {
    counters_.thinned = thinned;
    counters_.thin_next = next;
    counters_.thin_last = last;
}

void Ledger::begin() {
    before_ = counters_;
    dropped_before_ = dropped_;
    unsaved_before_ = unsaved_;
    in_commit_.clear();
    committing_ = true;
}

void Ledger::committed() {
    owed_.saved();
    urgent_.saved();
    replayed_.saved();
    dropped_saved_ = dropped_;
    in_commit_.clear();
    unsaved_ = committing_ = false;
}

void Ledger::rolled_back() {
    for (auto last = in_commit_.rbegin(); last != in_commit_.rend(); ++last) {
        if (last->added)
            last->set->remove(last->first, last->last);
        else
            last->set->add(last->first, last->last);
    }
    counters_ = before_;
    dropped_ = dropped_before_;
    unsaved_ = unsaved_before_;
    in_commit_.clear();
    committing_ = false;
}

}  // namespace fieldlink
