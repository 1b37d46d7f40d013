#include "storage/reader.hpp"

#include <algorithm>
#include <utility>

namespace fieldlink {
namespace {

constexpr const char* kReason = "corrupt";

bool is_of_urgent(const Sending::Next& next) {
    return next.lane == Sending::Lane::urgent;
}

}  // namespace

OwedView Reader::owed() const {
    if (!log_) return OwedView(nullptr, nullptr, buffer_);
    return OwedView(&log_->ledger.urgent(), &log_->ledger.owed(), buffer_);
}

void Reader::take(std::size_t max_messages, std::size_t max_bytes, Urgency urgency, std::vector<StoredMessage>& taken) {
    std::size_t bytes = 0;
    const OwedView all = owed();
    while (taken.size() < max_messages) {
        const auto next = sending_.next(all);
        if (!next || (urgency == Urgency::urgent && next->lane != Sending::Lane::urgent)) return;
        auto message = read(*next);
        if (!message) continue;
        bytes += message->body.size();
        if (!taken.empty() && bytes > max_bytes) return;
        sending_.taken(*next, {message->readings, static_cast<std::size_t>(row_bytes("", message->body.size()))}, all);
        gaps_.freeze(next->position);
        taken.push_back(std::move(*message));
    }
}

std::optional<StoredMessage> Reader::read(const Sending::Next& next) {
    if (const BufferedMessage* buffered = buffer_.find(next.position)) return message_of(*buffered);
    MessageTable& table = log_->table(is_of_urgent(next));
    auto row = table.read(next.position);
    if (!row || row->head.position != next.position)
        note_missing(next, row);
    else if (!table.is_whole(*row))
        note_damaged(next, row->head);
    else
        return message_of(std::move(*row));
    return std::nullopt;
}

void Reader::note_missing(const Sending::Next& next, const std::optional<Row>& neighbour) {
    const OwedSet& owed = is_of_urgent(next) ? log_->ledger.urgent() : log_->ledger.owed();
    std::int64_t last = std::min(owed.end_of_run(next.position), log_->epochs.last_position_of(next.position));
    if (neighbour) last = std::min(last, neighbour->head.position - 1);
    Gap gap;
    gap.to_seq = last;
    gap.messages = static_cast<std::uint64_t>(last - next.position + 1);
    const bool is_of_same_epoch =
        neighbour && log_->epochs.of(neighbour->head.position) == log_->epochs.of(next.position);
    if (is_of_same_epoch) gap.first = neighbour->head.created;
    log_->ledger.lost(next.position, last, is_of_urgent(next), 0, kReason);
    // Nothing tells any more which channel they were on; the next message's is the likeliest.
    note(gap, next.position, neighbour ? neighbour->head.channel : 0);
}

void Reader::note_damaged(const Sending::Next& next, const RowHead& head) {
    Gap gap;
    gap.to_seq = next.position;
    gap.messages = 1;
    log_->ledger.lost(next.position, next.position, is_of_urgent(next), head.readings, kReason);
    log_->room.delivered(next.position, is_of_urgent(next));
    note(gap, next.position, head.channel);
}

/// `gap.to_seq` is a position still.
void Reader::note(Gap gap, std::int64_t position, std::int64_t channel) {
    const Epoch* epoch = log_->epochs.of(position);
    gap.from_seq = epoch ? epoch->seq_of(position) : position;
    gap.to_seq = epoch ? epoch->seq_of(gap.to_seq) : gap.to_seq;
    if (epoch && gap.first.boot.count() == 0) gap.first = epoch->started;
    gap.last = gap.first;
    gap.noticed = now_;
    gap.this_boot = epoch && epoch->boot_id == options_.boot_id;
    const std::string& name = log_->channels.name_of(channel);
    gaps_.add({name.empty() ? options_.default_channel : name, epoch ? epoch->name : "", kReason, epoch != nullptr},
              gap);
}

StoredMessage Reader::message_of(Row row) const {
    StoredMessage message;
    const Epoch* epoch = log_->epochs.of(row.head.position);
    message.position = message.seq = row.head.position;
    if (epoch) {
        message.seq = epoch->seq_of(row.head.position);
        message.gateway = epoch->gateway;
        message.epoch = epoch->name;
        message.time_base = {epoch->boot_id == options_.boot_id, log_->boots.true_offset(epoch->boot_id)};
    }
    message.channel = log_->channels.name_of(row.head.channel);
    message.kind = row.head.kind;
    if (row.head.prev_seq != 0)
        message.prev = Previous{row.head.prev_epoch.empty() ? message.epoch : row.head.prev_epoch, row.head.prev_seq};
    message.created = row.head.created;
    message.first = row.head.first;
    message.last = row.head.last;
    message.readings = row.head.readings;
    message.replayed = log_->ledger.replayed().contains(row.head.position);
    message.body = std::move(row.body);
    return message;
}

StoredMessage Reader::message_of(const BufferedMessage& buffered) const {
    const NewMessage& content = buffered.content;
    StoredMessage message;
    message.position = buffered.number.position;
    message.seq = buffered.number.seq();
    message.gateway = buffered.number.epoch->gateway;
    message.epoch = buffered.number.epoch->name;
    message.channel = content.channel;
    message.kind = content.kind;
    message.prev = buffered.number.prev;
    message.created = content.created;
    message.first = content.first;
    message.last = content.last;
    message.readings = content.readings;
    message.body = content.body;
    return message;
}

}  // namespace fieldlink
