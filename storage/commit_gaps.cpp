#include <utility>

#include "storage/commit.hpp"
#include "storage/error.hpp"

namespace fieldlink {
namespace {

// Beyond so many owed gap records and results, or where the space for them is used up, losses share one record: else a
// record could take more room than dropping what it names has made.
constexpr std::uint64_t kMaxRecords = 4096;

}  // namespace

void Commit::record_gaps() {
    for (const auto& [loss, gap] : losses_) {
        const GapKey key = record_for(loss);
        const auto written = records_.find(key);
        const auto open = written != records_.end() ? std::optional(written->second) : parts_.gaps.open(key);
        if (open)
            extend_gap(key, *open, gap);
        else
            append_gap(key, gap);
    }
}

GapKey Commit::record_for(const GapKey& loss) {
    if (records_.count(loss) != 0 || parts_.gaps.open(loss)) return loss;
    const bool has_room = log_.room.used_pages() < log_.budget.full_pages(log_.room.file_pages()) &&
                          log_.ledger.counters().urgent_bytes < log_.budget.urgent_bytes();
    if (has_room && log_.ledger.urgent().size() < kMaxRecords) return loss;
    return parts_.gaps.shared(loss, parts_.numbering.epoch().name);
}

void Commit::append_gap(const GapKey& key, const Gap& gap) {
    NewMessage record;
    record.channel = key.channel;
    record.kind = Kind::gap;
    record.created = gap.noticed;
    record.first = gap.first.boot;
    record.last = gap.last.boot;
    record.body = gap_json(key, gap);
    const Number number = parts_.numbering.next(key.channel);
    write_row(number, record);
    appended_.emplace_back(key.channel, number.position);
    records_.insert_or_assign(key, OpenGap{number.position, gap});
}

void Commit::extend_gap(const GapKey& key, OpenGap open, const Gap& more) {
    merge(open.gap, more);
    auto head = log_.urgent.head(open.position);
    if (!head || head->position != open.position)
        throw StorageError(StorageFault::replace, log_.database->path() + ": the gap record at " +
                                                      std::to_string(open.position) + " has gone: the file is damaged");
    head->first = open.gap.first.boot;
    head->last = open.gap.last.boot;
    log_.urgent.write(*head, gap_json(key, open.gap));
    records_.insert_or_assign(key, std::move(open));
}

}  // namespace fieldlink
