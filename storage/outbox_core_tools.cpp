#include <algorithm>
#include <utility>

#include <sys/stat.h>

#include "storage/outbox_core.hpp"
#include "storage/reader.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

// One piece looks at no more messages than this.
constexpr int kMaxLooks = 512;

std::uint64_t file_size(const std::string& path) {
    struct stat file {};
    return ::stat(path.c_str(), &file) == 0 ? static_cast<std::uint64_t>(file.st_size) : 0;
}

}  // namespace

OutboxStats OutboxCore::stats() const {
    OutboxStats stats;
    const Counters counters = log_ ? log_->ledger.counters() : Counters();
    stats.memory_messages = buffer_.size();
    stats.memory_readings = buffer_.readings();
    stats.owed_messages = counters.owed_messages + buffer_.size();
    stats.owed_readings = counters.owed_readings + buffer_.readings();
    stats.stored_messages = counters.stored;
    stats.acked_readings = counters.acked_readings + memory_acked_;
    stats.dropped_readings = counters.dropped_readings;
    stats.quarantined_readings = counters.quarantined_readings;
    stats.replayed_readings = counters.replayed_readings;
    stats.salvaged_readings = counters.salvaged_readings;
    stats.thinned = pressed_ ? counters.thinned : 0;
    stats.read_readings = counters.read_readings + buffer_.readings() + memory_acked_;
    stats.dropped_by_reason = memory_dropped_;
    for (const auto& [reason, readings] : memory_dropped_) {
        stats.dropped_readings += readings;
        stats.read_readings += readings;
    }
    stats.max_bytes = log_ ? log_->budget.max_bytes() : options_.max_bytes;
    stats.last_seq = epoch().seq_of(numbering_.last_position());
    stats.file_bytes = file_size(options_.path) + file_size(options_.path + "-wal");
    if (!log_) return stats;
    for (const auto& [reason, readings] : log_->ledger.dropped())
        stats.dropped_by_reason[reason] += readings;
    stats.replay_owed_messages = log_->ledger.replayed().size();
    stats.salvaging = salvage_ != nullptr;
    stats.used_bytes = log_->used_pages * log_->budget.page_bytes();
    return stats;
}

/// By what is known now of the boot that it was made in.
milliseconds OutboxCore::unix_time_of(const StoredMessage& message) const {
    if (message.time_base.this_boot && true_offset_) return message.created.boot + *true_offset_;
    if (message.time_base.true_offset) return message.created.boot + *message.time_base.true_offset;
    return message.created.wall;
}

Entry OutboxCore::entry_of(StoredMessage message, bool owed, bool damaged) const {
    const milliseconds time = unix_time_of(message);
    return {std::move(message), time, owed, damaged};
}

bool OutboxCore::is_in(const Range& range, const Entry& entry) {
    const StoredMessage& message = entry.message;
    if (message.seq < range.from_seq || message.seq > range.to_seq) return false;
    if (range.epoch && *range.epoch != message.epoch) return false;
    return (!range.since || entry.time >= *range.since) && (!range.until || entry.time <= *range.until);
}

/// The first position from `from` on that has a message, in the file or in memory.
std::optional<std::int64_t> OutboxCore::next_stored(std::int64_t from) {
    std::optional<std::int64_t> next;
    const auto consider = [&next](std::optional<std::int64_t> one) {
        if (one && (!next || *one < *next)) next = one;
    };
    for (const bool urgent : {false, true}) {
        consider(buffer_.next_after(from - 1, urgent));
        if (!readable_log()) continue;
        if (const auto head = log_->table(urgent).head(from)) consider(head->position);
    }
    return next;
}

std::optional<Entry> OutboxCore::entry_at(std::int64_t position) {
    const Reader reader(readable_log(), buffer_, gaps_, sending_, options_, now_);
    if (const BufferedMessage* message = buffer_.find(position))
        return entry_of(reader.message_of(*message), true, false);
    for (const bool urgent : {false, true}) {
        auto row = log_->table(urgent).read(position);
        if (!row || row->head.position != position) continue;
        const bool is_whole = log_->table(urgent).is_whole(*row);
        return entry_of(reader.message_of(std::move(*row)), log_->is_owed(position), !is_whole);
    }
    return std::nullopt;
}

Page OutboxCore::browse(const Range& range, std::int64_t from, std::size_t max_messages, std::size_t max_bytes) {
    Page page;
    page.next = from;
    std::size_t bytes = 0;
    for (int looks = 0; looks < kMaxLooks && page.entries.size() < max_messages; ++looks) {
        const auto position = next_stored(page.next);
        page.end = !position;
        if (!position) break;
        auto entry = entry_at(*position);
        if (entry && is_in(range, *entry)) {
            bytes += entry->message.body.size();
            if (!page.entries.empty() && bytes > max_bytes) break;
            page.entries.push_back(std::move(*entry));
        }
        page.next = *position + 1;
    }
    return page;
}

OutboxCore::Found OutboxCore::find(const Range& range, std::int64_t from, std::uint64_t max_rows,
                                   const Wanted& wanted) {
    Found found;
    Progress& progress = found.progress;
    progress.next = from;
    for (int looks = 0; looks < kMaxLooks && found.positions.size() < max_rows; ++looks) {
        const auto position = next_stored(progress.next);
        progress.end = !position;
        if (!position) break;
        progress.next = *position + 1;
        const auto entry = entry_at(*position);
        if (!entry || !is_in(range, *entry) || !wanted(*entry)) continue;
        found.positions.push_back(*position);
        ++progress.messages;
        progress.readings += entry->message.readings;
    }
    return found;
}

Progress OutboxCore::replay(const Range& range, std::int64_t from) {
    require_file();
    const Found found = find(range, from, kMaxLooks, [](const Entry& e) { return !e.owed && !e.damaged; });
    const auto work = [this, &found](Commit&) {
        for (const std::int64_t position : found.positions)
            replay_row(position);
    };
    if (!found.positions.empty()) commit({}, {work, found.positions.size()});
    for (const std::int64_t position : found.positions)
        sending_.owed_again(position);
    return found.progress;
}

void OutboxCore::replay_row(std::int64_t position) {
    for (const bool urgent : {false, true}) {
        const auto head = log_->table(urgent).head(position);
        if (head && head->position == position) log_->ledger.replayed(position, urgent, head->readings);
    }
}

Progress OutboxCore::purge(const Range& range, bool owed_too, std::int64_t from) {
    require_file();
    if (options_.for_tool && owed_too && has_deferred_losses())
        throw StorageError(StorageFault::retry, options_.path +
                                                    ": a crash has taken messages, and their gap record "
                                                    "comes first: start the service once, then purge");
    write();
    const std::uint64_t max_rows = log_->budget.room_frames() / Budget::kFramesPerRemoval;
    const auto wanted = [this, owed_too](const Entry& entry) { return may_purge(entry, owed_too); };
    const Found found = find(range, from, max_rows, wanted);
    const auto work = [this, &found](Commit& commit) {
        for (const std::int64_t position : found.positions)
            purge_row(position, commit);
    };
    if (!found.positions.empty()) commit({}, {work, log_->budget.room_frames()});
    return found.progress;
}

bool OutboxCore::may_purge(const Entry& entry, bool owed_too) const {
    if (buffer_.find(entry.message.position)) return false;
    return !entry.owed || (owed_too && !is_urgent(entry.message.kind));
}

void OutboxCore::purge_row(std::int64_t position, Commit& commit) {
    constexpr const char* kReason = "purged";
    for (const bool urgent : {false, true}) {
        const auto head = log_->table(urgent).head(position);
        if (!head || head->position != position) continue;
        if (log_->ledger.replayed().contains(position)) log_->ledger.replay_given_up(position, urgent, head->readings);
        if (log_->is_owed(position)) {
            log_->ledger.lost(position, position, urgent, head->readings, kReason);
            commit.note({*head, true}, kReason);
        }
        log_->room.purge(*head, urgent);
    }
}

/// Tools do not work on memory.
void OutboxCore::require_file() const {
    if (log_ && is_readable_) return;
    throw StorageError(StorageFault::retry, trouble());
}

}  // namespace fieldlink
