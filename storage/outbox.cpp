#include "storage/outbox.hpp"

#include <utility>

#include <sys/stat.h>

#include "storage/commit.hpp"
#include "storage/outbox_file.hpp"
#include "storage/reader.hpp"

namespace fieldlink {
namespace {

std::uint64_t file_size(const std::string& path) {
    struct stat file {};
    return ::stat(path.c_str(), &file) == 0 ? static_cast<std::uint64_t>(file.st_size) : 0;
}

Epoch epoch_of(const OutboxOptions& options) {
    return {"", options.gateway, options.boot_id, options.started};
}

std::int64_t commit(OutboxParts& parts, const std::vector<NewMessage>& messages) {
    for (;;)
        if (const auto first = Commit(parts).run(messages)) return *first;
}

/// Opens the file; one that is longer than the limit, because that was lowered, is brought under it.
OutboxFile open_within_limit(const OutboxOptions& options) {
    OutboxFile file = open_outbox_file(options.path, options.max_bytes);
    if (!file.is_too_long) return file;
    {
        OutboxParts parts(*file.database, file.budget, epoch_of(options), options.live_first);
        commit(parts, {});
    }
    return compact(std::move(file));
}

}  // namespace

class Outbox::Impl {
public:
    Impl(const OutboxOptions& options, OutboxFile file)
        : database_(std::move(file.database)), parts_(*database_, file.budget, epoch_of(options), options.live_first) {}

    OutboxParts& parts() { return parts_; }
    void settle(std::int64_t seq);
    std::optional<std::uint32_t> readings_of(std::int64_t seq, bool urgent);
    OutboxStats stats() const;

private:
    std::unique_ptr<Database> database_;
    OutboxParts parts_;
};

void Outbox::Impl::settle(std::int64_t seq) {
    const bool urgent = parts_.ledger.urgent().contains(seq);
    if (!urgent && !parts_.ledger.owed().contains(seq)) return;
    const auto readings = readings_of(seq, urgent);
    if (!readings) return;
    parts_.sending.settled(seq);
    parts_.gaps.freeze(seq);
    parts_.room.delivered(seq, urgent);
    parts_.ledger.acked(seq, urgent, *readings);
}

std::optional<std::uint32_t> Outbox::Impl::readings_of(std::int64_t seq, bool urgent) {
    if (const auto readings = parts_.sending.readings_in_flight(seq)) return readings;
    try {
        return Reader(parts_).readings_of(seq, urgent);
    } catch (const StorageError&) {
        // The ack counts for nothing then, and the message is sent once more.
        return std::nullopt;
    }
}

OutboxStats Outbox::Impl::stats() const {
    const Counters& counters = parts_.ledger.counters();
    OutboxStats stats;
    stats.owed_messages = counters.owed_messages;
    stats.owed_readings = counters.owed_readings;
    stats.stored_messages = counters.stored;
    stats.used_bytes = parts_.used_pages * parts_.budget.page_bytes();
    stats.file_bytes = file_size(database_->path()) + file_size(database_->path() + "-wal");
    stats.max_bytes = parts_.budget.max_bytes();
    stats.read_readings = counters.read_readings;
    stats.acked_readings = counters.acked_readings;
    stats.dropped_readings = counters.dropped_readings;
    stats.last_seq = counters.last_seq;
    return stats;
}

std::size_t Outbox::append_cost(const NewMessage& message) {
    constexpr std::size_t kColumns = 256;
    std::size_t bytes = kColumns + message.body.size();
    for (const std::string& sensor : message.sensors)
        bytes += sensor.size() + 1;
    return bytes;
}

Outbox::Outbox(const OutboxOptions& options) : impl_(std::make_unique<Impl>(options, open_within_limit(options))) {}

Outbox::~Outbox() = default;

const std::string& Outbox::epoch() const {
    return impl_->parts().epochs.current().name;
}

std::int64_t Outbox::append(const std::vector<NewMessage>& messages) {
    return commit(impl_->parts(), messages);
}

void Outbox::lost(const Loss& loss) {
    Gap gap;
    gap.readings = loss.readings;
    gap.sensors.insert(loss.sensors.begin(), loss.sensors.end());
    gap.first = loss.first;
    gap.last = gap.noticed = loss.last;
    impl_->parts().gaps.add({loss.channel, epoch(), loss.reason, false}, gap);
    impl_->parts().ledger.lost_before_append(loss.readings);
}

std::vector<StoredMessage> Outbox::take(std::size_t max_messages, std::size_t max_bytes) {
    return Reader(impl_->parts()).take(max_messages, max_bytes);
}

void Outbox::settle(const std::vector<std::int64_t>& seqs) {
    for (const std::int64_t seq : seqs)
        impl_->settle(seq);
}

void Outbox::give_back() {
    OutboxParts& parts = impl_->parts();
    parts.sending.give_back(parts.ledger.counters().last_seq);
}

void Outbox::commit_acks() {
    if (impl_->parts().ledger.unsaved()) append({});
}

OutboxStats Outbox::stats() const {
    return impl_->stats();
}

}  // namespace fieldlink
