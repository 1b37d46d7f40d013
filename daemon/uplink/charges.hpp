#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <string>

#include "daemon/message/record_index.hpp"

namespace fieldlink {

/// What the service refuses for good, as against what it refuses for now: that which, sent alone, was refused for
/// itself on two connections, while something else of its channel was acked between. Pure.
class Charges {
public:
    /// Of so many a charge is kept; of more, those with the oldest are forgotten and have to be charged twice again.
    static constexpr std::size_t kMost = 256;

    /// A message, or one part of it.
    struct Item {
        std::int64_t position = 0;
        std::optional<Part> part;
    };

    /// It was sent alone on this connection and refused for itself. True if that was once too often.
    bool charge(const Item& item, const std::string& channel, std::uint64_t connection);

    /// Something of the channel was acked: whatever else of it is charged, the channel is not to blame.
    void acked(const Item& item, const std::string& channel);

    /// Nothing is owed any more: those that are left were dropped from the outbox.
    void forget() { charges_.clear(); }

private:
    struct Charge {
        Item item;
        std::string channel;
        std::uint64_t connection = 0;
        bool acked_since = false;
    };

    std::list<Charge> charges_;  ///< the oldest first
};

}  // namespace fieldlink
