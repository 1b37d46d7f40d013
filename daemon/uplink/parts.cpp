#include "daemon/uplink/parts.hpp"

#include <algorithm>

#include "daemon/message/body.hpp"

namespace fieldlink {

bool Parts::begin(const StoredMessage& message) {
    if (has(message.position)) return true;
    if (messages_.size() >= kMost && !make_room()) return false;
    look_into(message);
    Message& parts = messages_[message.position];
    parts.open = index_->records();
    parts.readings.assign(parts.open, Fate::owed);
    return true;
}

bool Parts::make_room() {
    auto oldest = messages_.end();
    for (auto message = messages_.begin(); message != messages_.end(); ++message) {
        const Message& parts = message->second;
        if (parts.is_on_hand || parts.under_way > 0 || parts.lost > 0) continue;
        if (oldest == messages_.end() || parts.touched < oldest->second.touched) oldest = message;
    }
    if (oldest == messages_.end()) return false;
    messages_.erase(oldest);
    return true;
}

/// One pass over its body for all parts of it, as long as it is the one that is being sent.
void Parts::look_into(const StoredMessage& message) {
    const bool is_same = index_ && indexed_ == message.position && index_->is_of(message.body);
    if (is_same) return;
    if (!index_ || indexed_ != message.position) cursor_ = 0;
    indexed_ = message.position;
    index_.emplace(message.body);
}

std::optional<Part> Parts::next(const StoredMessage& message, std::size_t limit) {
    look_into(message);
    Message& parts = messages_.at(message.position);
    parts.is_on_hand = true;
    parts.is_aside = false;
    parts.touched = ++touches_;
    parts.limit = std::min(parts.limit, limit);
    while (cursor_ < parts.readings.size() && parts.readings[cursor_] != Fate::owed)
        ++cursor_;
    if (cursor_ == parts.readings.size()) return std::nullopt;
    return part_with(cursor_, parts, part_overhead(message.gateway, message.channel));
}

Part Parts::part_with(std::uint32_t reading, const Message& message, std::size_t overhead) const {
    const auto all = static_cast<std::uint32_t>(message.readings.size());
    Part part{0, all, all};
    while (part.count > 1 && index_->rendered_size(part.first, part.count) + overhead > message.limit) {
        const std::uint32_t half = part.count / 2;
        const bool is_behind = reading >= part.first + half;
        if (is_behind) part.first += half;
        part.count = is_behind ? part.count - half : half;
    }
    return part;
}

void Parts::mark(std::int64_t position, const Part& part, Fate fate) {
    const auto found = messages_.find(position);
    if (found == messages_.end()) return;
    Message& parts = found->second;
    for (std::uint32_t i = part.first; i < part.first + part.count; ++i) {
        Fate& reading = parts.readings[i];
        const auto is_open = [](Fate f) { return f == Fate::owed || f == Fate::under_way; };
        parts.under_way += static_cast<std::uint32_t>(fate == Fate::under_way);
        parts.under_way -= static_cast<std::uint32_t>(reading == Fate::under_way);
        parts.open += static_cast<std::uint32_t>(is_open(fate));
        parts.open -= static_cast<std::uint32_t>(is_open(reading));
        parts.lost += static_cast<std::uint32_t>(fate == Fate::lost);
        reading = fate;
    }
    if (fate == Fate::owed && indexed_ == position) cursor_ = std::min(cursor_, part.first);
}

void Parts::lost(std::int64_t position, const Part& part) {
    mark(position, part, Fate::lost);
    Message& parts = messages_.at(position);
    const bool is_indexed = index_ && indexed_ == position;
    for (std::uint32_t i = part.first; is_indexed && i < part.first + part.count; ++i)
        parts.lost_sensors.push_back(index_->sensor(i));
    parts.knows_sensors = parts.knows_sensors && is_indexed;
}

void Parts::left(std::int64_t position) {
    const auto found = messages_.find(position);
    if (found != messages_.end()) found->second.is_on_hand = false;
    if (indexed_ == position) index_.reset();
}

void Parts::set_aside(std::int64_t position) {
    left(position);
    const auto found = messages_.find(position);
    if (found != messages_.end()) found->second.is_aside = true;
}

bool Parts::is_held(std::int64_t position) const {
    const auto found = messages_.find(position);
    return found != messages_.end() && (found->second.is_on_hand || found->second.is_aside);
}

void Parts::send_again(std::int64_t position) {
    const auto found = messages_.find(position);
    if (found == messages_.end()) return;
    Message& parts = found->second;
    std::replace(parts.readings.begin(), parts.readings.end(), Fate::acked, Fate::owed);
    parts.open = static_cast<std::uint32_t>(parts.readings.size()) - parts.lost;
}

bool Parts::is_complete(std::int64_t position) const {
    const auto found = messages_.find(position);
    return found != messages_.end() && found->second.open == 0 && !found->second.is_on_hand;
}

void Parts::forget(std::int64_t position) {
    messages_.erase(position);
    if (indexed_ == position) index_.reset();
}

std::optional<RefusedMessage> Parts::loss(std::int64_t position) const {
    const auto found = messages_.find(position);
    if (found == messages_.end() || found->second.lost == 0) return std::nullopt;
    const Message& parts = found->second;
    std::vector<std::string> sensors = parts.knows_sensors ? parts.lost_sensors : std::vector<std::string>();
    std::sort(sensors.begin(), sensors.end());
    sensors.erase(std::unique(sensors.begin(), sensors.end()), sensors.end());
    return RefusedMessage{position, parts.lost, std::move(sensors), parts.lost == parts.readings.size()};
}

void Parts::disconnected() {
    index_.reset();
    for (auto& [position, parts] : messages_) {
        parts.is_on_hand = parts.is_aside = false;
        parts.under_way = 0;
        std::replace(parts.readings.begin(), parts.readings.end(), Fate::under_way, Fate::owed);
    }
}

}  // namespace fieldlink
