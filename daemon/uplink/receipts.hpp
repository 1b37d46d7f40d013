#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "daemon/message/receipt.hpp"
#include "daemon/uplink/timekeeper.hpp"
#include "storage/message.hpp"

namespace fieldlink {

/// The messages that the service acked and the final consumer has not confirmed yet, and when to send which of them
/// again: after the timeout, which doubles from one time to the next up to an hour. While nothing at all was confirmed
/// for as long as the timeout, the consumer is taken to be down, and one message an interval is sent again to probe it.
/// Pure: knows no clock.
class Receipts {
public:
    /// With so many waiting nothing new is to be sent.
    static constexpr std::size_t kMost = 16'384;

    /// Of so many that do not wait, as they are to be sent again, it is remembered that they were sent.
    static constexpr std::size_t kMostRemembered = 16'384;

    /// So many at most are due in one turn, of which there is one a second.
    static constexpr std::size_t kPerTurn = 256;
    static constexpr std::chrono::milliseconds kTurn{1'000};
    static constexpr std::chrono::hours kLongest{1};

    explicit Receipts(std::chrono::milliseconds timeout) : timeout_(timeout) {}

    /// The message is sent, for the first time or again.
    void sent(const StoredMessage& message);

    /// It was acked, all of its parts if it went in parts: its receipt is awaited from now on.
    void acked(std::int64_t position, Instant now);

    /// Whether it was sent and not confirmed: then it may be sent again however many wait.
    bool knows(std::int64_t position) const { return keys_.count(position) != 0; }

    /// Those that the receipt is about, of all that were sent; they are known no longer. `unknown` grows by how many of
    /// its numbers are about nothing that was sent.
    std::vector<std::int64_t> confirm(const Receipt& receipt, std::uint64_t& unknown, Instant now);

    /// Those that are due to be sent again now. They no longer wait.
    std::vector<std::int64_t> due(Instant now);
    std::optional<Instant> next() const;

    /// Of those that were acked.
    std::size_t waiting() const { return due_.size(); }

    /// Too many wait or are under way; until they have become clearly fewer.
    bool is_full() const { return full_; }

    /// The connection ended: what was under way is sent again.
    void disconnected();

    /// Nothing is owed any more: those that neither wait nor are under way were dropped from the outbox.
    void forget_rest();

private:
    using Key = std::pair<std::string, std::int64_t>;  ///< epoch and seq
    struct Entry {
        std::int64_t position = 0;
        std::chrono::milliseconds timeout{0};  ///< of the last wait
        std::optional<Instant> due;            ///< absent: does not wait
        bool under_way = false;
    };
    using Entries = std::map<Key, Entry>;

    bool is_down(Instant when) const { return !confirmed_ || when >= *confirmed_ + timeout_; }
    Entries::iterator erase(Entries::iterator entry);
    void stop_waiting(Entry& entry);
    void set_under_way(Entry& entry, bool under_way);
    void make_room();

    std::chrono::milliseconds timeout_;
    Entries entries_;
    std::unordered_map<std::int64_t, Key> keys_;      ///< by position
    std::set<std::pair<Instant, std::int64_t>> due_;  ///< and position
    std::optional<Instant> confirmed_;                ///< when anything last was
    std::size_t under_way_ = 0;
    bool full_ = false;
    Instant next_turn_;  ///< none is due before
};

}  // namespace fieldlink
