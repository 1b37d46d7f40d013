#include "daemon/uplink/receipts.hpp"

#include <algorithm>
#include <limits>

namespace fieldlink {

void Receipts::sent(const StoredMessage& message) {
    if (!knows(message.position)) make_room();
    Key key(message.epoch, message.seq);
    Entry& entry = entries_[key];
    stop_waiting(entry);
    if (entry.position != message.position) keys_.erase(entry.position);
    entry.position = message.position;
    set_under_way(entry, true);
    keys_[message.position] = std::move(key);
}

/// Messages that were dropped from the outbox while they were to be sent again would stay for ever.
void Receipts::make_room() {
    if (entries_.size() < kMost + kMostRemembered) return;
    const auto is_rest = [](const auto& entry) { return !entry.second.due && !entry.second.under_way; };
    const auto rest = std::find_if(entries_.begin(), entries_.end(), is_rest);
    if (rest != entries_.end()) erase(rest);
}

void Receipts::acked(std::int64_t position, Instant now) {
    const auto key = keys_.find(position);
    if (key == keys_.end()) return;
    Entry& entry = entries_.at(key->second);
    stop_waiting(entry);
    const auto longest = std::max<std::chrono::milliseconds>(timeout_, kLongest);
    entry.timeout = std::clamp(entry.timeout * 2, timeout_, longest);
    entry.due = now + entry.timeout;
    due_.emplace(*entry.due, position);
    set_under_way(entry, false);
}

std::vector<std::int64_t> Receipts::confirm(const Receipt& receipt, std::uint64_t& unknown, Instant now) {
    std::vector<std::int64_t> confirmed;
    for (const auto& [first, last] : receipt.seqs) {
        const std::size_t before = confirmed.size();
        auto entry = entries_.lower_bound({receipt.epoch, first});
        while (entry != entries_.end() && entry->first.first == receipt.epoch && entry->first.second <= last) {
            confirmed.push_back(entry->second.position);
            entry = erase(entry);
        }
        const auto numbers = static_cast<std::uint64_t>(last - first) + 1;
        const auto nothing = numbers - (confirmed.size() - before);
        unknown += std::min(nothing, std::numeric_limits<std::uint64_t>::max() - unknown);
    }
    if (confirmed.empty()) return confirmed;
    if (is_down(now)) next_turn_ = now;
    confirmed_ = now;
    return confirmed;
}

std::vector<std::int64_t> Receipts::due(Instant now) {
    std::vector<std::int64_t> positions;
    if (now < next_turn_) return positions;
    const std::size_t most = is_down(now) ? 1 : kPerTurn;
    while (positions.size() < most && !due_.empty() && due_.begin()->first <= now) {
        const std::int64_t position = due_.begin()->second;
        stop_waiting(entries_.at(keys_.at(position)));
        positions.push_back(position);
    }
    if (!positions.empty()) next_turn_ = now + (most == 1 ? timeout_ : kTurn);
    return positions;
}

std::optional<Instant> Receipts::next() const {
    if (due_.empty()) return std::nullopt;
    return std::max(due_.begin()->first, next_turn_);
}

void Receipts::disconnected() {
    for (auto& entry : entries_)
        set_under_way(entry.second, false);
}

void Receipts::forget_rest() {
    for (auto entry = entries_.begin(); entry != entries_.end();)
        entry = entry->second.due || entry->second.under_way ? std::next(entry) : erase(entry);
}

void Receipts::stop_waiting(Entry& entry) {
    if (entry.due) due_.erase({*entry.due, entry.position});
    entry.due.reset();
}

void Receipts::set_under_way(Entry& entry, bool under_way) {
    under_way_ += static_cast<std::size_t>(under_way);
    under_way_ -= static_cast<std::size_t>(entry.under_way);
    entry.under_way = under_way;
    const std::size_t all = waiting() + under_way_;
    full_ = all >= (full_ ? kMost - kMost / 8 : kMost);
}

Receipts::Entries::iterator Receipts::erase(Entries::iterator entry) {
    stop_waiting(entry->second);
    set_under_way(entry->second, false);
    keys_.erase(entry->second.position);
    return entries_.erase(entry);
}

}  // namespace fieldlink
