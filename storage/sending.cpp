#include "storage/sending.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace fieldlink {

std::optional<std::int64_t> OwedView::next_after(std::int64_t position, bool of_urgent) const {
    const OwedSet* set = of_urgent ? urgent : plain;
    const auto on_disk = set ? set->next_after(position) : std::nullopt;
    const auto in_memory = buffer.next_after(position, of_urgent);
    if (!on_disk || !in_memory) return on_disk ? on_disk : in_memory;
    return std::min(*on_disk, *in_memory);
}

Sending::Sending(bool live_first, std::int64_t last_position) : live_first_(live_first) {
    give_back(last_position);
}

/// What is in flight lies behind the cursors, unless something older was replayed since.
std::optional<std::int64_t> Sending::next_after(const OwedView& owed, std::int64_t position, bool urgent) const {
    auto next = owed.next_after(position, urgent);
    while (next && in_flight(*next))
        next = owed.next_after(*next, urgent);
    return next;
}

std::optional<Sending::Next> Sending::next(const OwedView& owed) const {
    if (const auto position = next_after(owed, urgent_cursor_, true)) return Next{Lane::urgent, *position};
    if (const auto position = next_after(owed, live_cursor_, false)) return Next{Lane::live, *position};
    const auto position = next_after(owed, backlog_cursor_, false);
    if (position && *position <= live_after_) return Next{Lane::backlog, *position};
    return std::nullopt;
}

void Sending::passed(const Next& next) {
    switch (next.lane) {
        case Lane::urgent:
            urgent_cursor_ = next.position;
            break;
        case Lane::live:
            live_cursor_ = next.position;
            break;
        case Lane::backlog:
            backlog_cursor_ = next.position;
            break;
    }
}

void Sending::taken(const Next& next, const Flight& flight) {
    passed(next);
    in_flight_[next.position] = flight;
}

std::optional<Sending::Flight> Sending::flight(std::int64_t position) const {
    const auto message = in_flight_.find(position);
    return message == in_flight_.end() ? std::nullopt : std::optional(message->second);
}

bool Sending::may_have_arrived(std::int64_t position) const {
    return in_flight(position) || given_back_.contains(position);
}

void Sending::settled(std::int64_t position) {
    in_flight_.erase(position);
    given_back_.remove(position, position);
    given_back_.saved();
}

void Sending::owed_again(std::int64_t position) {
    urgent_cursor_ = std::min(urgent_cursor_, position - 1);
    if (position > live_after_)
        live_cursor_ = std::min(live_cursor_, std::max(live_after_, position - 1));
    else
        backlog_cursor_ = std::min(backlog_cursor_, position - 1);
}

void Sending::give_back(std::int64_t last_position) {
    live_after_ = live_first_ ? last_position : std::numeric_limits<std::int64_t>::max() - 1;
    live_cursor_ = live_after_;
    urgent_cursor_ = backlog_cursor_ = 0;
    for (const auto& [position, flight] : in_flight_)
        given_back_.add(position, position);
    given_back_.saved();
    in_flight_.clear();
}

void Sending::look_again() {
    urgent_cursor_ = backlog_cursor_ = 0;
    live_cursor_ = live_after_;
}

void Sending::move(std::int64_t from, std::int64_t shift) {
    std::unordered_map<std::int64_t, Flight> moved;
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
    // The lanes begin again; what is in flight is passed over.
    urgent_cursor_ = backlog_cursor_ = 0;
    if (live_first_) live_cursor_ = live_after_ = live_after_ >= from ? live_after_ + shift : live_after_;
}

}  // namespace fieldlink
