#include "storage/commit.hpp"

#include <algorithm>
#include <utility>

#include "storage/error.hpp"
#include "storage/losses.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kGapBytes =
    1024;  // more than a record usually takes; the budget has room for one that is longer

// What is tidied away with each commit: more than comes in with it, and little beside it.
constexpr std::uint64_t kTidyRows = 4;

constexpr const char* kReason = "outbox_full";

}  // namespace

Commit::~Commit() {
    if (!begun_ || done_) return;
    log_.ledger.rolled_back();
    parts_.numbering.rolled_back();
    if (in_doubt_) give_up_numbers();
    log_.epochs.rolled_back();
    log_.room.rolled_back();
}

/// A gap record with one of these numbers may be in the file all the same, so no other message may have it. Should it
/// not be there, the hole needs a name.
void Commit::give_up_numbers() {
    const Epoch& epoch = parts_.numbering.epoch();
    for (const auto& [channel, position] : appended_) {
        Gap gap;
        gap.from_seq = gap.to_seq = epoch.seq_of(position);
        gap.messages = gap.readings = 0;
        gap.first = gap.last = gap.noticed = now_;
        parts_.gaps.add({channel, epoch.name, "disk_error", true}, gap);
        parts_.numbering.skip_to(position);
    }
}

std::uint64_t Commit::pages_for(const Chunk& chunk) const {
    std::uint64_t pages = 0;
    for (const BufferedMessage* message : chunk)
        pages += log_.budget.row_pages(cost_of(message->content));
    return pages;
}

Commit::Outcome Commit::run(const Chunk& chunk, const Extra& extra, bool closes) {
    losses_ = parts_.gaps.losses();
    const std::uint64_t records = losses_.size() + refusals_at_once();
    const std::uint64_t pages = pages_for(chunk) + records * log_.budget.row_pages(kGapBytes);
    make_room_in_wal(pages, extra.frames);

    log_.ledger.begin();
    parts_.numbering.begin();
    begun_ = true;
    Transaction transaction(*log_.database);
    const bool has_room = make_room(pages);
    if (has_room)
        for (const BufferedMessage* message : chunk)
            closed_ && !is_urgent(message->content.kind) ? refuse(*message) : write(*message);
    if (has_room) quarantine_refused();
    if (has_room && extra.work) extra.work(*this);
    record_gaps();
    tidy();
    log_.channels.save();
    log_.boots.save();
    log_.ledger.save(closes);
    const std::uint64_t used_pages = log_.room.used_pages();
    commit(transaction);
    finish(has_room ? chunk : Chunk());
    log_.note_used(used_pages);
    return has_room ? Outcome::done : Outcome::again;
}

void Commit::commit(Transaction& transaction) {
    try {
        transaction.commit();
    } catch (const StorageError&) {
        in_doubt_ = log_.database->sync_failed();
        throw;
    }
}

bool Commit::fits(std::uint64_t used, std::uint64_t pages) const {
    return used + pages <= log_.usable_pages();
}

void Commit::make_room_in_wal(std::uint64_t pages, std::uint64_t extra_frames) {
    const Budget& budget = log_.budget;
    std::uint64_t frames = budget.commit_frames(pages + log_.ledger.changed_intervals() + refusals_at_once()) +
                           extra_frames + 2 * kTidyRows * Budget::kFramesPerRemoval;
    if (!fits(log_.used_pages, pages)) frames += budget.room_frames();
    if (log_.database->wal_frames() + frames > budget.max_wal_frames()) log_.database->checkpoint();
}

bool Commit::make_room(std::uint64_t pages) {
    // What is used is known from the last commit: nobody else has the file open.
    if (fits(log_.used_pages, pages)) return true;
    const std::uint64_t usable = log_.usable_pages();
    const std::uint64_t wanted = pages + log_.budget.slack_pages();
    const Room::Freed freed = log_.room.free_down_to(usable - std::min(usable, wanted), parts_.sending);
    for (const GivenUp& given_up : freed.given_up)
        note(given_up, kReason);
    const bool has_room = fits(log_.room.used_pages(), pages);
    pressed_ = freed.by_policy;
    relieved_ = !freed.by_policy;
    closed_ = !has_room && freed.exhausted;
    return has_room || freed.exhausted;
}

void Commit::note(const GivenUp& given_up, const char* reason) {
    const Epoch* epoch = log_.epochs.of(given_up.head.position);
    const GapKey key{log_.channels.name_of(given_up.head.channel), epoch ? epoch->name : "", reason, true};
    GapBook::merge_into(losses_, key, gap_of_row(given_up));
    if (given_up.whole) dropped_.push_back(given_up.head.position);
}

Gap Commit::gap_of_row(const GivenUp& given_up) const {
    const RowHead& head = given_up.head;
    const Epoch* epoch = log_.epochs.of(head.position);
    Gap gap;
    gap.from_seq = gap.to_seq = epoch ? epoch->seq_of(head.position) : head.position;
    gap.messages = given_up.whole ? 1 : 0;
    gap.readings = head.readings;
    gap.sensors = sensors_in(head.sensors);
    gap.first = head.readings == 0 ? head.created : stamp_at(head.created, head.first);
    gap.last = head.readings == 0 ? head.created : stamp_at(head.created, head.last);
    gap.noticed = now_;
    gap.this_boot = epoch && epoch->boot_id == parts_.boot_id;
    if (gap.this_boot || !epoch) return gap;
    if (const auto offset = log_.boots.true_offset(epoch->boot_id)) {
        gap.first.wall = gap.first.boot + *offset;
        gap.last.wall = gap.last.boot + *offset;
    }
    return gap;
}

/// Gives up, a few with each commit, what was delivered and is older than it is kept for, and delivered results and gap
/// records before their share runs out.
void Commit::tidy() {
    log_.room.expire([this](const RowHead& head) { return is_expired(head); }, kTidyRows);
    if (log_.ledger.counters().urgent_bytes > log_.budget.urgent_bytes() / 2) log_.room.trim_urgent(kTidyRows);
}

/// Of an earlier boot it is known only that it is older than this one, unless both know the true time; steps of the
/// wall clock let nothing expire.
bool Commit::is_expired(const RowHead& head) const {
    const Epoch* epoch = log_.epochs.of(head.position);
    if (!epoch) return true;
    if (epoch->boot_id == parts_.boot_id) return now_.boot - head.created.boot > parts_.keep_delivered;
    if (now_.boot > parts_.keep_delivered) return true;
    const auto then = log_.boots.true_offset(epoch->boot_id), today = log_.boots.true_offset(parts_.boot_id);
    return then && today && now_.boot + *today - head.created.boot - *then > parts_.keep_delivered;
}

void Commit::refuse(const BufferedMessage& message) {
    const NewMessage& content = message.content;
    GapBook::merge_into(losses_, {content.channel, message.number.epoch->name, kReason, true}, gap_of(message, now_));
    log_.ledger.used(message.number.position);
    log_.ledger.lost_before_append(content.readings, kReason);
    pressed_ = true;
}

void Commit::write(const BufferedMessage& message) {
    write_row(message.number, message.content);
}

void Commit::write_row(const Number& number, const NewMessage& message) {
    log_.epochs.use(*number.epoch);
    RowHead head;
    head.position = number.position;
    head.channel = log_.channels.id_of(message.channel);
    head.kind = message.kind;
    if (number.prev) {
        head.prev_epoch = number.prev->epoch == number.epoch->name ? "" : number.prev->epoch;
        head.prev_seq = number.prev->seq;
    }
    head.created = message.created;
    head.readings = message.readings;
    head.first = message.first;
    head.last = message.last;
    head.sensors = sensor_lines({message.sensors.begin(), message.sensors.end()});
    head.bytes = row_bytes(head.sensors, message.body.size());
    const bool urgent = is_urgent(message.kind);
    log_.table(urgent).write(head, message.body);
    log_.ledger.appended(number.position, urgent, message.readings, head.bytes);
}

void Commit::finish(const Chunk& chunk) {
    done_ = true;
    log_.ledger.committed();
    parts_.numbering.committed();
    log_.epochs.committed();
    log_.boots.committed();
    parts_.gaps.recorded(records_);
    std::vector<std::int64_t> positions;
    for (const BufferedMessage* message : chunk)
        positions.push_back(message->number.position);
    for (const std::int64_t position : positions)
        parts_.buffer.erase(position);
    for (const std::int64_t position : dropped_)
        parts_.sending.settled(position);
    finish_refusals();
}

}  // namespace fieldlink
