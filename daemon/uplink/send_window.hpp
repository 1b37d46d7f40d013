#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "daemon/message/record_index.hpp"
#include "daemon/uplink/timekeeper.hpp"
#include "storage/message.hpp"

namespace fieldlink {

/// One publish that was sent and not yet answered, and the stored messages in it.
struct Flight {
    std::uint64_t request = 0;
    std::vector<std::int64_t> positions;  ///< at least one
    std::string channel;
    std::size_t bytes = 0;                     ///< of the frame
    std::int64_t first_seq = 0, last_seq = 0;  ///< of its first and its last message, to name it to people

    Kind kind = Kind::readings;               ///< of its first message
    std::optional<Part> part = std::nullopt;  ///< that it carries of its only message; absent: the whole
    bool can_split = false;                   ///< something smaller can be sent of its only message
    bool is_exclusive = false;                ///< nothing else may be under way with it
    Instant sent{};

    bool is_shared() const { return positions.size() > 1; }
};

/// The publishes under way: how many there may be, which request carries which messages, and when an answer is late.
/// Its memory is bounded by the bytes, of which every message takes some hundred. Pure: knows no clock.
///
/// An answer is late kLate after its frame was seen to have left this machine. As long as frames still trickle out of
/// a slow link, nothing is late; if they stop doing so, that is late as well.
class SendWindow {
public:
    static constexpr std::size_t kMaxPublishes = 64;
    static constexpr std::size_t kMaxBytes = 1024 * 1024;
    static constexpr std::chrono::seconds kLate{10};

    /// Whether a publish of about `bytes` may follow. A single one always fits.
    bool has_room(std::size_t bytes) const;

    /// So many bytes may still follow, in one publish or several.
    std::size_t room() const { return bytes_ < kMaxBytes ? kMaxBytes - bytes_ : 0; }

    /// Requests are added in ascending order.
    void add(Flight flight, Instant now);

    /// The request was answered, by an ack or an error. Absent if it is not under way.
    std::optional<Flight> take(std::uint64_t request, Instant now);

    /// What of all that was sent is still on this machine, seen from time to time.
    void observe(std::size_t unsent_bytes, Instant now);

    /// When the connection has to be taken for dead; absent if nothing is under way.
    std::optional<Instant> late_at() const;

    bool empty() const { return flights_.empty(); }
    std::size_t messages() const { return messages_; }  ///< in all publishes
    std::size_t bytes() const { return bytes_; }

    /// Nothing may follow until the answer is there.
    bool is_exclusive() const { return !flights_.empty() && flights_.back().flight.is_exclusive; }

    /// The only publish under way, if there is exactly one.
    const Flight* only() const { return flights_.size() == 1 ? &flights_.front().flight : nullptr; }

    /// Bytes of the biggest frame under way; 0 if there is none.
    std::size_t biggest() const;

    /// Of all messages that are under way.
    std::vector<std::int64_t> positions() const;

    /// Of those that have left this machine and whose answer is late: the service has them and does not take them.
    std::vector<std::int64_t> late_positions(Instant now) const;

    void clear();

private:
    struct Entry {
        Flight flight;
        Instant since;          ///< the answer is awaited since then
        bool has_left = false;  ///< `since` is final
    };

    std::deque<Entry> flights_;  ///< by request, ascending
    std::size_t messages_ = 0, bytes_ = 0, last_unsent_ = 0;
};

}  // namespace fieldlink
