// What is done with a message before it is sent.
#include <utility>

#include "daemon/uplink/deliveries.hpp"

namespace fieldlink {

Deliveries::Way Deliveries::way(const StoredMessage& message, Instant now) const {
    const std::int64_t position = message.position;
    if (holds_.holds(position, message.channel, now)) return Way::not_now;
    // A consumer that is down for long must not keep the results of commands back; the outbox bounds their number.
    if (receipts_ && receipts_->is_full() && !receipts_->knows(position) && !is_urgent(message)) return Way::not_now;
    if (parts_.has(position)) return Way::in_parts;
    if (loners_.is_suspect(position)) return Way::exclusive;
    return loners_.has(position) ? Way::alone : Way::together;
}

void Deliveries::set_aside(const StoredMessage& message, Instant now) {
    parts_.set_aside(message.position);
    if (holds_.holds(message.position, message.channel, now))
        holds_.set_aside(message.position, message.channel, now);
    else
        without_room_.push_back(message.position);
}

bool Deliveries::too_big(const StoredMessage& message, std::size_t size) {
    if (can_split(message)) {
        if (parts_.begin(message)) return true;
        unfit_.push_back(message.position);
        return false;
    }
    const std::string text = "message " + std::to_string(message.seq) + " takes a frame of " + std::to_string(size) +
                             " bytes and the service takes " + std::to_string(limit_.announced());
    if (message.kind == Kind::readings) {
        refused_.push_back({message.position, message.readings, {}, true});
        complain(text + ": its reading is given up, and a gap record says so");
        return false;
    }
    unfit_.push_back(message.position);
    if (std::exchange(named_for_, limit_.announced()) != limit_.announced())
        complain(text + ": it stays owed; have the limit raised");
    return false;
}

void Deliveries::lose(const StoredMessage& message, const Part& part, std::size_t size) {
    const bool is_first = !parts_.loss(message.position);
    parts_.lost(message.position, part);
    if (!is_first) return;
    complain("reading " + std::to_string(part.first) + " of message " + std::to_string(message.seq) +
             " takes a frame of " + std::to_string(size) + " bytes and the service takes " +
             std::to_string(limit_.announced()) + ": it is given up, and a gap record says so");
}

void Deliveries::all_parts_sent(std::int64_t position, Instant now) {
    parts_.left(position);
    if (parts_.is_complete(position)) arrived(position, now);
}

std::vector<std::int64_t> Deliveries::due(Instant now) {
    auto due = holds_.release(now);
    if (!receipts_) return due;
    const auto again = receipts_->due(now);
    for (const std::int64_t position : again)
        parts_.send_again(position);
    if (receipts_->is_full() && !again.empty()) probe_ = again.front();
    due.insert(due.end(), again.begin(), again.end());
    // With a probe as well: what was set aside on the way to the one before would add up.
    if (receipts_->is_full() && again.empty()) return due;
    due.insert(due.end(), without_room_.begin(), without_room_.end());
    without_room_.clear();
    return due;
}

std::optional<Instant> Deliveries::next() const {
    const auto next = holds_.next_release();
    return receipts_ ? earlier(next, receipts_->next()) : next;
}

bool Deliveries::has_room() const {
    if (holds_.is_full() || without_room_.size() >= Holds::kMaxAside) return false;
    return !receipts_ || !receipts_->is_full() || probe_;
}

}  // namespace fieldlink
