#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <unordered_set>
#include <vector>

#include "storage/message.hpp"

namespace fieldlink {

/// Such go before all others, and are never given up.
inline bool is_urgent(const StoredMessage& message) {
    return message.kind == Kind::gap || message.kind == Kind::result;
}

/// The messages on hand, in the order in which they were offered, and which of them may form the next publish: the
/// first one and those behind it on its channel. Messages of other channels in between are passed over, those of its
/// own channel keep their order, and nothing but a gap record or a result goes before a gap record or a result. Pure.
class Coalescer {
public:
    /// So many messages from the first on are looked at for one publish.
    static constexpr std::size_t kLookAhead = 512;

    /// What about a message that could join: it does, it is left where it is, or nothing may go before it.
    enum class Join { yes, pass_over, stop };
    using Judge = std::function<Join(const StoredMessage&)>;

    /// Places in the queue, ascending, the first one first.
    struct Plan {
        std::vector<std::size_t> places;
        std::size_t bytes = 0;  ///< about what the messages take when they are rendered
    };

    /// Gap records and results get ahead of all else that is on hand.
    void add(std::vector<StoredMessage> messages);
    void clear();

    bool empty() const { return messages_.empty(); }
    std::size_t messages() const { return messages_.size(); }
    std::size_t body_bytes() const { return body_bytes_; }
    std::vector<std::int64_t> positions() const;
    const StoredMessage& front() const { return messages_.front(); }
    const StoredMessage& at(std::size_t place) const { return messages_[place]; }

    /// What may go into one publish of about `max_bytes`, the first message in any case. The estimate is on the low
    /// side, so whoever renders the plan may have to leave its end for the next publish. `judge` is asked about all but
    /// the first. There must be a first one.
    Plan plan(std::size_t max_bytes, const Judge& judge) const;

    /// The first one is a gap record or a result.
    bool is_urgent() const { return urgent_ > 0; }

    void drop_front();

    /// Takes out those at these places in the outbox.
    void drop(const std::unordered_set<std::int64_t>& positions);

    /// Takes these places out, as they are in a plan that was made since the last change.
    void remove(const std::vector<std::size_t>& places);

private:
    void forget(const StoredMessage& message);

    std::deque<StoredMessage> messages_;
    std::size_t body_bytes_ = 0;
    std::size_t urgent_ = 0;  ///< so many gap records and results; they are the first
};

}  // namespace fieldlink
