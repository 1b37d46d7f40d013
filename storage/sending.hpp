#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "storage/buffer.hpp"
#include "storage/owed_set.hpp"

namespace fieldlink {

/// What is owed, on disk and in memory, as one.
struct OwedView {
    const OwedSet* urgent;  ///< null while the file cannot be read
    const OwedSet* plain;
    const Buffer& buffer;

    std::optional<std::int64_t> next_after(std::int64_t position, bool of_urgent) const;
};

/// Which owed message goes out next, and which are on their way. Pure: it sees positions only.
///
/// Urgent ones go first; then, live first, what was appended since the connection ended or the outbox was opened; then
/// the rest. Each lane goes oldest first, and none is handed out twice before give_back().
class Sending {
public:
    /// `last_position` is the last one that is not live. Without `live_first` there is no live lane.
    Sending(bool live_first, std::int64_t last_position);

    enum class Lane { urgent, live, backlog };
    struct Next {
        Lane lane;
        std::int64_t position;
    };
    std::optional<Next> next(const OwedView& owed) const;

    /// What is known of a message on its way.
    struct Flight {
        std::uint32_t readings = 0;
        std::size_t bytes = 0;
    };

    /// `next` was looked at, and is not handed out.
    void passed(const Next& next);

    /// `next` was handed out.
    void taken(const Next& next, const Flight& flight);

    bool in_flight(std::int64_t position) const { return in_flight_.count(position) != 0; }

    /// Whether a receiver may have it, though it is owed: it is in flight, or was when a connection ended.
    bool may_have_arrived(std::int64_t position) const;

    /// Empty if it is not in flight.
    std::optional<Flight> flight(std::int64_t position) const;

    /// It is not owed any more.
    void settled(std::int64_t position);

    /// A message at this position is owed again.
    void owed_again(std::int64_t position);

    void give_back(std::int64_t last_position);

    /// Another file may owe what lies behind; what is in flight stays there.
    void look_again();

    /// Positions beyond `from` change by `shift`.
    void move(std::int64_t from, std::int64_t shift);

private:
    std::optional<std::int64_t> next_after(const OwedView& owed, std::int64_t position, bool urgent) const;

    bool live_first_;
    std::int64_t live_after_ = 0;
    std::int64_t urgent_cursor_ = 0, live_cursor_ = 0, backlog_cursor_ = 0;
    std::unordered_map<std::int64_t, Flight> in_flight_;
    OwedSet given_back_;  ///< was in flight
};

}  // namespace fieldlink
