#include "storage/outbox_core.hpp"

#include <algorithm>
#include <utility>

#include "storage/losses.hpp"
#include "storage/reader.hpp"

namespace fieldlink {
namespace {

constexpr const char *kDiskError = "disk_error", *kOutboxFull = "outbox_full", *kTooLarge = "queue_full";

// Deferred messages are written, acked or not, once they take so much memory.
constexpr std::size_t kMaxDeferredBytes = 1024 * 1024;

}  // namespace

bool OutboxCore::admits(const std::string& channel, const std::string& sensor, Stamp taken) {
    if (!pressed_) return true;
    bool admitted = true;
    if (options_.when_full == DropPolicy::newest) admitted = !is_closed_to_new_;
    if (options_.when_full == DropPolicy::thin && log_)
        admitted = stride_.admits(sensor, log_->ledger.counters().thinned);
    if (!admitted) lost({channel, kOutboxFull, 1, {sensor}, taken, taken});
    return admitted;
}

std::int64_t OutboxCore::append(const std::vector<NewMessage>& messages) {
    const std::int64_t first = numbering_.epoch().seq_of(numbering_.last_position()) + 1;
    for (const NewMessage& message : messages) {
        if (message.created.boot > now_.boot) now_ = message.created;
        if (cost_of(message) > Outbox::kMaxAppendBytes)
            lost(loss_of(message, kTooLarge));
        else
            buffer_.add({numbering_.next(message.channel), message});
    }
    // A gap record is behind what is in memory, and a crash is to leave no hole before it that nothing names.
    if (!is_deferred() || buffer_.bytes() > kMaxDeferredBytes || has_losses())
        write();
    else
        reserve_positions();
    bound_buffer();
    return first;
}

bool OutboxCore::is_deferred() const {
    return options_.durability == DurabilityMode::deferred && online_ && trouble_.empty();
}

/// While the file cannot be written, the policy holds for memory.
void OutboxCore::bound_buffer() {
    while (buffer_.too_many_readings()) {
        std::optional<std::int64_t> victim;
        if (options_.when_full != DropPolicy::newest)
            victim = sending_.next_after(OwedView(nullptr, nullptr, buffer_), 0, false);
        drop_from_buffer(victim ? *victim : *buffer_.last(false));
    }
    // Only more results than there was room for, which has_room_for_results() is there to prevent.
    while (buffer_.too_many_urgent())
        drop_from_buffer(*buffer_.last(true));
}

void OutboxCore::drop_from_buffer(std::int64_t position) {
    const BufferedMessage& message = *buffer_.find(position);
    const NewMessage& content = message.content;
    gaps_.add({content.channel, message.number.epoch->name, kDiskError, true}, gap_of(message, now_));
    count_dropped(content.readings, kDiskError);
    sending_.settled(position);
    refusals_.erase(position);
    buffer_.erase(position);
}

void OutboxCore::count_dropped(std::uint64_t readings, const std::string& reason) {
    if (log_)
        log_->ledger.lost_before_append(readings, reason);
    else
        memory_dropped_[reason] += readings;
}

bool OutboxCore::has_room_for_results() const {
    constexpr std::size_t kOneMore = 16 * 1024;
    if (buffer_.urgent_bytes() + kOneMore > Buffer::kMaxUrgentBytes) return false;
    if (!log_) return true;
    const std::uint64_t share = log_->budget.urgent_bytes();
    return log_->ledger.counters().urgent_bytes + kOneMore < share / 4 * 3;
}

void OutboxCore::lost(const Loss& loss) {
    Gap gap;
    gap.readings = loss.readings;
    gap.sensors.insert(loss.sensors.begin(), loss.sensors.end());
    gap.first = loss.first;
    gap.last = gap.noticed = loss.last;
    gaps_.add({loss.channel, epoch().name, loss.reason, false}, gap);
    count_dropped(loss.readings, loss.reason);
}

std::vector<StoredMessage> OutboxCore::take(std::size_t max_messages, std::size_t max_bytes, Urgency urgency) {
    std::vector<StoredMessage> taken;
    try {
        Reader(readable_log(), buffer_, gaps_, sending_, options_, now_).take(max_messages, max_bytes, urgency, taken);
        if (readable_log() && !taken.empty()) note_reading_works();
    } catch (const StorageError& error) {
        note_reading_failed(error);
        // What is in memory does not wait for the file.
        if (taken.empty())
            Reader(nullptr, buffer_, gaps_, sending_, options_, now_).take(max_messages, max_bytes, urgency, taken);
    }
    return taken;
}

/// What was handed out without a file may have got another position since.
std::int64_t OutboxCore::present(std::int64_t position) const {
    return Numbering::is_detached(position) ? position + moved_by_ : position;
}

void OutboxCore::settle(std::int64_t position) {
    position = present(position);
    if (const BufferedMessage* message = buffer_.find(position)) return settle_in_memory(*message);
    if (!log_ && sending_.in_flight(position)) return unsaved_acks_.push_back(position);
    if (!log_ || !log_->is_owed(position)) return settle_unknown(position);
    const bool urgent = log_->ledger.urgent().contains(position);
    const auto flight = flight_of(position, urgent);
    if (!flight) return sending_.owed_again(position);
    sending_.settled(position);
    gaps_.freeze(position);
    log_->room.delivered(position, urgent);
    log_->ledger.acked(position, urgent, flight->readings);
    unsaved_acks_.push_back(position);
    relieve(flight->bytes);
}

/// It was handed out, and then its file was damaged: if it is found there, it is owed no more.
void OutboxCore::settle_unknown(std::int64_t position) {
    if (salvage_ && sending_.in_flight(position)) acked_in_damaged_.insert(position);
    sending_.settled(position);
}

void OutboxCore::settle_in_memory(const BufferedMessage& message) {
    const std::int64_t position = message.number.position;
    if (log_)
        log_->ledger.acked_in_memory(message.content.readings);
    else
        memory_acked_ += message.content.readings;
    sending_.settled(position);
    buffer_.erase(position);
    // Not beyond one that is in memory still: a crash would take it, and the next start must name it.
    if (log_) log_->ledger.used(buffer_.first_position().value_or(numbering_.last_position() + 1) - 1);
}

/// Absent if the file cannot tell: the ack counts for nothing then, and the message is sent once more.
std::optional<Sending::Flight> OutboxCore::flight_of(std::int64_t position, bool urgent) {
    if (const auto flight = sending_.flight(position)) return flight;
    try {
        const auto head = log_->table(urgent).head(position);
        if (!head || head->position != position) return Sending::Flight{};
        return Sending::Flight{head->readings, static_cast<std::size_t>(head->bytes)};
    } catch (const StorageError&) {
        return std::nullopt;
    }
}

/// Once so much was delivered that new readings fit again for a while, all of them are taken.
void OutboxCore::relieve(std::uint64_t bytes) {
    if (!pressed_) return;
    relief_ += bytes;
    const std::uint64_t enough = options_.max_bytes / (options_.when_full == DropPolicy::newest ? 32 : 8);
    if (relief_ < enough) return;
    pressed_ = is_closed_to_new_ = false;
    if (log_) log_->ledger.set_thinning(0, 0, 0);
}

void OutboxCore::give_back(const std::vector<std::int64_t>& positions) {
    for (const std::int64_t position : positions)
        if (refusals_.count(present(position)) == 0) sending_.give_back(present(position));
}

void OutboxCore::connection_ended(const std::vector<std::int64_t>& given_back) {
    give_back(given_back);
    sending_.begin_live(numbering_.last_position());
}

/// It is owed until a commit can write both that it is not and the gap record. Without a file that may take a while,
/// and only then is it known what kind of message it is.
void OutboxCore::refuse(RefusedMessage refused) {
    const std::int64_t position = refused.position = present(refused.position);
    const BufferedMessage* buffered = buffer_.find(position);
    const bool is_plain =
        buffered ? !is_urgent(buffered->content.kind) : !log_ || log_->ledger.owed().contains(position);
    // What is not owed may be in a damaged file, and be owed again once it was found there.
    if (!is_plain) return sending_.give_back(position);
    sending_.withhold(position);
    refusals_.insert_or_assign(position, std::move(refused));
}

void OutboxCore::set_online(bool online) {
    online_ = online;
    if (!online && !buffer_.empty()) write();
}

void OutboxCore::commit_acks() {
    const bool anything = (log_ && (log_->ledger.unsaved() || log_->boots.unsaved())) || has_losses();
    if (!anything) return;
    const bool may_wait = is_deferred() && !has_losses();
    bool is_done = false;
    if (log_ && (buffer_.empty() || may_wait) && (trouble_.empty() || now_.boot >= try_again_))
        is_done = attempt([this] { commit({}); });
    else
        is_done = write();
    // One commit writes some refusals only.
    while (is_done && log_ && buffer_.empty() && !refusals_.empty())
        is_done = attempt([this] { commit({}); });
}

bool OutboxCore::flush() {
    try_at_once();
    write();
    commit_acks();
    return buffer_.empty();
}

void OutboxCore::set_true_offset(milliseconds offset) {
    true_offset_ = offset;
    if (log_) log_->boots.set(offset);
}

std::optional<std::chrono::milliseconds> OutboxCore::true_offset() const {
    if (true_offset_ || !log_) return true_offset_;
    return log_->boots.true_offset(options_.boot_id);
}

}  // namespace fieldlink
