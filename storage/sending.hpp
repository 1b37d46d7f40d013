#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "storage/owed_set.hpp"

namespace fieldlink {

/// Which owed message goes out next, and which are on their way. Pure: it sees numbers only.
///
/// Urgent ones go first; then, live first, what was appended since the connection ended or the outbox was opened; then
/// the rest. Each lane goes oldest first, and none is handed out twice before give_back().
class Sending {
public:
    /// `last_seq` is the last number that is no live one. Without `live_first` there is no live lane.
    Sending(bool live_first, std::int64_t last_seq);

    enum class Lane { urgent, live, backlog };
    struct Next {
        Lane lane;
        std::int64_t seq;
    };
    std::optional<Next> next(const OwedSet& urgent, const OwedSet& owed) const;

    /// `next` was handed out. `readings` are remembered until it is settled.
    void taken(const Next& next, std::uint32_t readings);

    bool in_flight(std::int64_t seq) const { return in_flight_.count(seq) != 0; }

    /// Empty if it is not in flight.
    std::optional<std::uint32_t> readings_in_flight(std::int64_t seq) const;

    /// It is not owed any more.
    void settled(std::int64_t seq) { in_flight_.erase(seq); }

    void give_back(std::int64_t last_seq);

private:
    bool live_first_;
    std::int64_t live_after_ = 0;
    std::int64_t urgent_cursor_ = 0, live_cursor_ = 0, backlog_cursor_ = 0;
    std::unordered_map<std::int64_t, std::uint32_t> in_flight_;
};

}  // namespace fieldlink
