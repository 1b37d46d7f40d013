#include "daemon/uplink/send_window.hpp"

#include <algorithm>
#include <cassert>

namespace fieldlink {

bool SendWindow::has_room(std::size_t bytes) const {
    return flights_.empty() || (flights_.size() < kMaxPublishes && bytes_ + bytes <= kMaxBytes);
}

void SendWindow::add(Flight flight, Instant now) {
    assert(flights_.empty() || flights_.back().flight.request < flight.request);
    messages_ += flight.positions.size();
    bytes_ += flight.bytes;
    flight.sent = now;
    flights_.push_back({std::move(flight), now});
}

std::optional<Flight> SendWindow::take(std::uint64_t request, Instant now) {
    const auto by_request = [](const Entry& entry, std::uint64_t wanted) { return entry.flight.request < wanted; };
    const auto found = std::lower_bound(flights_.begin(), flights_.end(), request, by_request);
    if (found == flights_.end() || found->flight.request != request) return std::nullopt;
    // What was sent before an answered request has arrived too.
    for (auto older = flights_.begin(); older != found; ++older) {
        if (!older->has_left) older->since = now;
        older->has_left = true;
    }
    Flight flight = std::move(found->flight);
    flights_.erase(found);
    messages_ -= flight.positions.size();
    bytes_ -= flight.bytes;
    return flight;
}

void SendWindow::observe(std::size_t unsent_bytes, Instant now) {
    const bool moves = unsent_bytes != last_unsent_ || unsent_bytes == 0;
    last_unsent_ = unsent_bytes;
    for (Entry& entry : flights_) {
        if (entry.has_left || !moves) continue;
        entry.since = now;
        entry.has_left = unsent_bytes == 0;
    }
}

std::optional<Instant> SendWindow::late_at() const {
    std::optional<Instant> late;
    for (const Entry& entry : flights_)
        late = earlier(late, entry.since + kLate);
    return late;
}

std::size_t SendWindow::biggest() const {
    std::size_t biggest = 0;
    for (const Entry& entry : flights_)
        biggest = std::max(biggest, entry.flight.bytes);
    return biggest;
}

std::vector<std::int64_t> SendWindow::positions() const {
    std::vector<std::int64_t> all;
    for (const Entry& entry : flights_)
        all.insert(all.end(), entry.flight.positions.begin(), entry.flight.positions.end());
    return all;
}

std::vector<std::int64_t> SendWindow::late_positions(Instant now) const {
    std::vector<std::int64_t> late;
    for (const Entry& entry : flights_)
        if (entry.has_left && now >= entry.since + kLate)
            late.insert(late.end(), entry.flight.positions.begin(), entry.flight.positions.end());
    return late;
}

void SendWindow::clear() {
    *this = SendWindow();
}

}  // namespace fieldlink
