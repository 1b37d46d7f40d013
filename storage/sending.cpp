#include "storage/sending.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace fieldlink {
namespace {

constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max() - 1;

}  // namespace

std::optional<std::int64_t> OwedView::next_after(std::int64_t position, bool urgent) const {
    const OwedSet* set = urgent ? urgent_ : plain_;
    const auto on_disk = set ? set->next_after(position) : std::nullopt;
    const auto in_memory = buffer_.next_after(position, urgent);
    if (!on_disk || !in_memory) return on_disk ? on_disk : in_memory;
    return std::min(*on_disk, *in_memory);
}

Sending::Sending(bool live_first, std::int64_t last_position) : live_first_(live_first) {
    begin_live(last_position);
    look_again();
}

/// From one that is owed and not free to the next that is free, and from one that is free and not owed to the next that
/// is owed.
std::optional<std::int64_t> Sending::next_after(const Owed& owed, std::int64_t position, bool urgent) const {
    const OwedSet& free = free_[urgent ? 1 : 0];
    auto next = owed.next_after(position, urgent);
    while (next && !free.contains(*next)) {
        const auto next_free = free.next_after(*next);
        next = next_free ? owed.next_after(*next_free - 1, urgent) : std::nullopt;
    }
    return next;
}

std::optional<Sending::Next> Sending::next(const Owed& owed) const {
    if (const auto position = next_after(owed, 0, true)) return Next{Lane::urgent, *position};
    if (const auto position = next_after(owed, live_after_, false)) return Next{Lane::live, *position};
    if (const auto position = next_after(owed, 0, false)) return Next{Lane::backlog, *position};
    return std::nullopt;
}

void Sending::pass(std::int64_t first, std::int64_t last, bool urgent) {
    free(urgent).remove(first, last);
    free(urgent).saved();
}

void Sending::taken(const Next& next, const Flight& flight, const Owed& owed) {
    const bool urgent = next.lane == Lane::urgent;
    // What is free before it is not owed. Left in, such remains would add up.
    const std::int64_t passed = next.lane == Lane::live ? live_after_ + 1 : 1;
    pass(owed.is_complete() ? passed : next.position, next.position, urgent);
    in_flight_[next.position] = flight;
}

void Sending::withhold(std::int64_t position) {
    in_flight_.try_emplace(position, std::nullopt);
    for (const bool urgent : {false, true})
        pass(position, position, urgent);
}

std::optional<Sending::Flight> Sending::flight(std::int64_t position) const {
    const auto message = in_flight_.find(position);
    return message == in_flight_.end() ? std::nullopt : message->second;
}

bool Sending::may_have_arrived(std::int64_t position) const {
    return in_flight(position) || given_back_.contains(position);
}

void Sending::settled(std::int64_t position) {
    const bool was_in_flight = in_flight_.erase(position) != 0;
    if (!was_in_flight && given_back_.contains(position))
        for (const bool urgent : {false, true})
            pass(position, position, urgent);
    given_back_.remove(position, position);
    given_back_.saved();
}

void Sending::owed_again(std::int64_t position) {
    if (in_flight(position)) return;
    for (const bool urgent : {false, true}) {
        free(urgent).add(position, position);
        free(urgent).saved();
    }
}

void Sending::give_back(std::int64_t position) {
    if (in_flight_.erase(position) == 0) return;
    given_back_.add(position, position);
    given_back_.saved();
    owed_again(position);
}

void Sending::begin_live(std::int64_t last_position) {
    live_after_ = live_first_ ? last_position : kLast;
}

void Sending::look_again() {
    for (const bool urgent : {false, true}) {
        free(urgent).add(1, kLast);
        for (const auto& [position, flight] : in_flight_)
            pass(position, position, urgent);
        free(urgent).saved();
    }
}

void Sending::move(std::int64_t from, std::int64_t shift) {
    std::unordered_map<std::int64_t, std::optional<Flight>> moved;
    for (const auto& [position, flight] : in_flight_)
        moved[position > from ? position + shift : position] = flight;
    in_flight_ = std::move(moved);
    OwedSet given_back;
    for (const auto& [first, last] : given_back_.intervals()) {
        const std::int64_t by = first > from ? shift : 0;
        given_back.add(first + by, last + by);
    }
    given_back_ = std::move(given_back);
    given_back_.saved();
    look_again();
    if (live_first_) live_after_ = live_after_ >= from ? live_after_ + shift : live_after_;
}

}  // namespace fieldlink
