#include "storage/commit.hpp"

#include <algorithm>
#include <utility>

#include "storage/error.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

// Beyond so many owed gap records and results, or where the space for them is used up, losses share one record: else a
// record could take more room than dropping what it names has made.
constexpr std::uint64_t kMaxRecords = 4096;

constexpr std::uint64_t kGapBytes =
    1024;  // more than a record usually takes; the budget has room for one that is longer

bool is_urgent(Kind kind) {
    return kind == Kind::result || kind == Kind::gap;
}

std::string sensor_lines(const std::vector<std::string>& sensors) {
    std::string lines;
    for (std::size_t i = 0; i < std::min(sensors.size(), kMaxGapSensors); ++i)
        lines.append(sensors[i]).append(1, '\n');
    return lines;
}

std::set<std::string> sensors_of(const std::string& lines) {
    std::set<std::string> sensors;
    for (std::size_t begin = 0, end; (end = lines.find('\n', begin)) != std::string::npos; begin = end + 1)
        sensors.insert(lines.substr(begin, end - begin));
    return sensors;
}

Stamp at(const Stamp& created, milliseconds boot) {
    return {boot, created.wall + (boot - created.boot)};
}

Gap gap_of(const RowHead& head, Stamp noticed) {
    Gap gap;
    gap.from_seq = gap.to_seq = head.seq;
    gap.messages = 1;
    gap.readings = head.readings;
    gap.sensors = sensors_of(head.sensors);
    gap.first = head.readings == 0 ? head.created : at(head.created, head.first);
    gap.last = head.readings == 0 ? head.created : at(head.created, head.last);
    gap.noticed = noticed;
    return gap;
}

}  // namespace

OutboxParts::OutboxParts(Database& opened, const Budget& shared, Epoch current, bool live_first)
    : database(opened),
      budget(shared),
      epochs(opened, std::move(current)),
      channels(opened),
      messages(opened, "message"),
      urgent(opened, "urgent"),
      ledger(opened),
      sending(live_first, ledger.counters().last_seq),
      room(opened, messages, urgent, ledger, sending),
      used_pages(room.used_pages()) {}

Commit::~Commit() {
    if (!begun_ || done_) return;
    parts_.ledger.rolled_back();
    parts_.channels.rolled_back();
    parts_.epochs.rolled_back();
    parts_.room.rolled_back();
}

std::uint64_t Commit::pages_for(const std::vector<NewMessage>& messages) const {
    std::uint64_t pages = 0;
    for (const NewMessage& message : messages)
        pages += parts_.budget.row_pages(message.body.size() + sensor_lines(message.sensors).size());
    if (pages <= parts_.budget.append_pages()) return pages;
    throw StorageError(parts_.database.path() + ": " + std::to_string(pages * parts_.budget.page_bytes()) +
                       " bytes are too many for one commit; append them in parts");
}

std::optional<std::int64_t> Commit::run(const std::vector<NewMessage>& messages) {
    losses_ = parts_.gaps.losses();
    const std::uint64_t pages = pages_for(messages) + losses_.size() * parts_.budget.row_pages(kGapBytes);
    make_room_in_wal(pages);

    parts_.ledger.begin();
    begun_ = true;
    Transaction transaction(parts_.database);
    const bool has_room =
        make_room(pages, messages.empty() ? parts_.epochs.current().started : messages.front().created);
    record_gaps();
    const std::int64_t first = parts_.ledger.counters().last_seq + 1;
    if (has_room)
        for (const NewMessage& message : messages)
            append(message);
    parts_.channels.save();
    parts_.ledger.save();
    const std::uint64_t used_pages = parts_.room.used_pages();
    transaction.commit();
    finish();
    parts_.used_pages = used_pages;
    return has_room ? std::optional(first) : std::nullopt;
}

bool Commit::fits(std::uint64_t used, std::uint64_t pages) const {
    return used + pages <= parts_.budget.usable_pages();
}

void Commit::make_room_in_wal(std::uint64_t pages) {
    const Budget& budget = parts_.budget;
    const std::uint64_t acks = parts_.ledger.owed().changed().size() + parts_.ledger.urgent().changed().size();
    std::uint64_t frames = budget.commit_frames(pages + acks);
    if (!fits(parts_.used_pages, pages)) frames += budget.room_frames();
    if (parts_.database.wal_frames() + frames > budget.max_wal_frames()) parts_.database.checkpoint();
}

bool Commit::make_room(std::uint64_t pages, Stamp noticed) {
    // What is used is known from the last commit: nobody else has the file open.
    if (fits(parts_.used_pages, pages)) return true;
    const Budget& budget = parts_.budget;
    const std::uint64_t goal = budget.usable_pages() - pages - budget.slack_pages();
    const Room::Freed freed = parts_.room.free_down_to(goal, budget.rows_removed_at_once());
    for (const RowHead& head : freed.dropped) {
        const GapKey key{parts_.channels.name_of(head.channel), parts_.epochs.of(head.seq).name, "outbox_full", true};
        GapBook::merge_into(losses_, key, gap_of(head, noticed));
        dropped_.push_back(head.seq);
    }
    return fits(parts_.room.used_pages(), pages) || freed.rows == 0;
}

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
    const bool has_room = parts_.room.used_pages() < parts_.budget.full_pages(parts_.room.file_pages());
    if (has_room && parts_.ledger.urgent().size() < kMaxRecords) return loss;
    return parts_.gaps.shared(loss, parts_.epochs.current().name);
}

void Commit::append_gap(const GapKey& key, const Gap& gap) {
    NewMessage record;
    record.channel = key.channel;
    record.kind = Kind::gap;
    record.created = gap.noticed;
    record.first = gap.first.boot;
    record.last = gap.last.boot;
    record.body = gap_json(key, gap);
    const std::int64_t seq = append(record);
    records_.insert_or_assign(key, OpenGap{seq, gap});
}

void Commit::extend_gap(const GapKey& key, OpenGap open, const Gap& more) {
    merge(open.gap, more);
    auto head = parts_.urgent.head(open.seq);
    if (!head || head->seq != open.seq)
        throw StorageError(parts_.database.path() + ": the gap record " + std::to_string(open.seq) +
                           " has gone; the file is damaged: stop the service, move the file away and start it again");
    head->first = open.gap.first.boot;
    head->last = open.gap.last.boot;
    const std::string body = gap_json(key, open.gap);
    const Epoch& epoch = parts_.epochs.current();
    head->crc = checksum(*head, epoch.gateway + ':' + epoch.name, key.channel, body);
    parts_.urgent.erase(open.seq);
    parts_.urgent.insert(*head, body);
    records_.insert_or_assign(key, std::move(open));
}

std::int64_t Commit::append(const NewMessage& message) {
    const bool urgent = is_urgent(message.kind);
    const std::int64_t seq = parts_.ledger.counters().last_seq + 1;
    parts_.epochs.use_current(seq);
    const Epoch& epoch = parts_.epochs.current();
    const Channel channel = parts_.channels.find(message.channel);

    RowHead head;
    head.seq = seq;
    head.channel = channel.id;
    head.kind = message.kind;
    head.prev_epoch = channel.last_epoch == epoch.name ? "" : channel.last_epoch;
    head.prev_seq = channel.last_seq;
    head.created = message.created;
    head.readings = message.readings;
    head.first = message.first;
    head.last = message.last;
    head.sensors = sensor_lines(message.sensors);
    head.crc = checksum(head, epoch.gateway + ':' + epoch.name, message.channel, message.body);

    (urgent ? parts_.urgent : parts_.messages).insert(head, message.body);
    parts_.ledger.appended(seq, urgent, message.readings);
    parts_.channels.change(message.channel, {channel.id, epoch.name, seq});
    return seq;
}

void Commit::finish() {
    done_ = true;
    parts_.ledger.committed();
    parts_.channels.committed();
    parts_.epochs.committed();
    parts_.gaps.recorded(records_);
    for (const std::int64_t seq : dropped_)
        parts_.sending.settled(seq);
}

}  // namespace fieldlink
