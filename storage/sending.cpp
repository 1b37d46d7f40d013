#include "storage/sending.hpp"

#include <limits>

namespace fieldlink {

Sending::Sending(bool live_first, std::int64_t last_seq) : live_first_(live_first) {
    give_back(last_seq);
}

std::optional<Sending::Next> Sending::next(const OwedSet& urgent, const OwedSet& owed) const {
    if (const auto seq = urgent.next_after(urgent_cursor_)) return Next{Lane::urgent, *seq};
    if (const auto seq = owed.next_after(live_cursor_)) return Next{Lane::live, *seq};
    const auto seq = owed.next_after(backlog_cursor_);
    if (seq && *seq <= live_after_) return Next{Lane::backlog, *seq};
    return std::nullopt;
}

void Sending::taken(const Next& next, std::uint32_t readings) {
    switch (next.lane) {
        case Lane::urgent:
            urgent_cursor_ = next.seq;
            break;
        case Lane::live:
            live_cursor_ = next.seq;
            break;
        case Lane::backlog:
            backlog_cursor_ = next.seq;
            break;
    }
    in_flight_[next.seq] = readings;
}

std::optional<std::uint32_t> Sending::readings_in_flight(std::int64_t seq) const {
    const auto message = in_flight_.find(seq);
    return message == in_flight_.end() ? std::nullopt : std::optional(message->second);
}

void Sending::give_back(std::int64_t last_seq) {
    live_after_ = live_first_ ? last_seq : std::numeric_limits<std::int64_t>::max() - 1;
    live_cursor_ = live_after_;
    urgent_cursor_ = backlog_cursor_ = 0;
    in_flight_.clear();
}

}  // namespace fieldlink
