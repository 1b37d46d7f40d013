#include "storage/outbox.hpp"

#include "storage/outbox_core.hpp"

namespace fieldlink {

Outbox::Outbox(const OutboxOptions& options) : core_(std::make_unique<OutboxCore>(options)) {}

Outbox::~Outbox() = default;

const std::string& Outbox::epoch() const {
    return core_->epoch().name;
}

const std::string& Outbox::trouble() const {
    return core_->trouble();
}

std::string Outbox::take_remark() {
    return core_->take_remark();
}

bool Outbox::admits_all() const {
    return core_->admits_all();
}

bool Outbox::admits(const std::string& channel, const std::string& sensor, Stamp taken) {
    return core_->admits(channel, sensor, taken);
}

std::int64_t Outbox::append(const std::vector<NewMessage>& messages) {
    return core_->append(messages);
}

bool Outbox::has_room_for_results() const {
    return core_->has_room_for_results();
}

void Outbox::lost(const Loss& loss) {
    core_->lost(loss);
}

std::vector<StoredMessage> Outbox::take(std::size_t max_messages, std::size_t max_bytes, Urgency urgency) {
    return core_->take(max_messages, max_bytes, urgency);
}

void Outbox::settle(const std::vector<std::int64_t>& positions) {
    for (const std::int64_t position : positions)
        core_->settle(position);
}

void Outbox::give_back(const std::vector<std::int64_t>& positions) {
    core_->give_back(positions);
}

void Outbox::connection_ended(const std::vector<std::int64_t>& given_back) {
    core_->connection_ended(given_back);
}

void Outbox::refuse(const std::vector<RefusedMessage>& messages) {
    for (const RefusedMessage& message : messages)
        core_->refuse(message);
}

void Outbox::set_online(bool online) {
    core_->set_online(online);
}

void Outbox::commit_acks() {
    core_->commit_acks();
}

bool Outbox::flush() {
    return core_->flush();
}

std::chrono::milliseconds Outbox::tend(Stamp now) {
    return core_->tend(now);
}

void Outbox::set_true_offset(std::chrono::milliseconds offset) {
    core_->set_true_offset(offset);
}

std::optional<std::chrono::milliseconds> Outbox::true_offset() const {
    return core_->true_offset();
}

Page Outbox::browse(const Range& range, std::int64_t from, std::size_t max_messages, std::size_t max_bytes) {
    return core_->browse(range, from, max_messages, max_bytes);
}

Progress Outbox::replay(const Range& range, std::int64_t from) {
    return core_->replay(range, from);
}

Progress Outbox::purge(const Range& range, bool owed_too, std::int64_t from) {
    return core_->purge(range, owed_too, from);
}

OutboxStats Outbox::stats() const {
    return core_->stats();
}

}  // namespace fieldlink
