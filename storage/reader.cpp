#include "storage/reader.hpp"

#include <algorithm>
#include <utility>

#include "storage/error.hpp"

namespace fieldlink {
namespace {

bool is_urgent(const Sending::Next& next) {
    return next.lane == Sending::Lane::urgent;
}

}  // namespace

std::vector<StoredMessage> Reader::take(std::size_t max_messages, std::size_t max_bytes) {
    std::vector<StoredMessage> taken;
    std::size_t bytes = 0;
    while (taken.size() < max_messages) {
        const auto next = parts_.sending.next(parts_.ledger.urgent(), parts_.ledger.owed());
        if (!next) break;
        auto row = read(*next);
        if (!row) continue;
        bytes += row->body.size();
        if (!taken.empty() && bytes > max_bytes) break;
        parts_.sending.taken(*next, row->head.readings);
        parts_.gaps.freeze(next->seq);
        taken.push_back(message_of(std::move(*row)));
    }
    return taken;
}

std::uint32_t Reader::readings_of(std::int64_t seq, bool urgent) {
    const auto head = table(urgent).head(seq);
    return head && head->seq == seq ? head->readings : 0;
}

std::optional<Row> Reader::read(const Sending::Next& next) {
    auto row = table(is_urgent(next)).read(next.seq);
    if (!row || row->head.seq != next.seq)
        note_missing(next, row);
    else if (!is_whole(*row))
        note_damaged(next, row->head);
    else
        return row;
    return std::nullopt;
}

bool Reader::is_whole(const Row& row) const {
    const Epoch& epoch = parts_.epochs.of(row.head.seq);
    const std::string& channel = parts_.channels.name_of(row.head.channel);
    return row.head.crc == checksum(row.head, epoch.gateway + ':' + epoch.name, channel, row.body);
}

void Reader::note_missing(const Sending::Next& next, const std::optional<Row>& neighbour) {
    const bool urgent = is_urgent(next);
    const OwedSet& owed = urgent ? parts_.ledger.urgent() : parts_.ledger.owed();
    const Epoch& epoch = parts_.epochs.of(next.seq);
    Gap gap;
    gap.from_seq = next.seq;
    gap.to_seq = std::min(owed.end_of_run(next.seq), parts_.epochs.last_seq_of(next.seq));
    if (neighbour) gap.to_seq = std::min(gap.to_seq, neighbour->head.seq - 1);
    gap.messages = static_cast<std::uint64_t>(gap.to_seq - gap.from_seq + 1);
    gap.first = gap.last = gap.noticed = neighbour ? neighbour->head.created : epoch.started;
    // Nothing tells any more which channel they were on; the next message's is the likeliest.
    const std::string channel = neighbour ? parts_.channels.name_of(neighbour->head.channel) : "";
    parts_.gaps.add({channel.empty() ? parts_.channels.any_name() : channel, epoch.name, "corrupt", true}, gap);
    parts_.ledger.lost(gap.from_seq, gap.to_seq, urgent, 0);
}

void Reader::note_damaged(const Sending::Next& next, const RowHead& head) {
    const Epoch& epoch = parts_.epochs.of(next.seq);
    Gap gap;
    gap.from_seq = gap.to_seq = next.seq;
    gap.messages = 1;
    gap.first = gap.last = gap.noticed = epoch.started;
    const std::string& channel = parts_.channels.name_of(head.channel);
    parts_.gaps.add({channel.empty() ? parts_.channels.any_name() : channel, epoch.name, "corrupt", true}, gap);
    parts_.ledger.lost(next.seq, next.seq, is_urgent(next), head.readings);
    parts_.room.delivered(next.seq, is_urgent(next));
}

StoredMessage Reader::message_of(Row row) const {
    const Epoch& epoch = parts_.epochs.of(row.head.seq);
    StoredMessage message;
    message.seq = row.head.seq;
    message.gateway = epoch.gateway;
    message.epoch = epoch.name;
    message.channel = parts_.channels.name_of(row.head.channel);
    message.kind = row.head.kind;
    if (row.head.prev_seq != 0)
        message.prev = Previous{row.head.prev_epoch.empty() ? epoch.name : row.head.prev_epoch, row.head.prev_seq};
    message.created = row.head.created;
    message.readings = row.head.readings;
    message.body = std::move(row.body);
    return message;
}

}  // namespace fieldlink
