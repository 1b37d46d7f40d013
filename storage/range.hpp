#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "storage/message.hpp"

namespace fieldlink {

/// Which stored messages an operator means. Whatever is left out does not restrict; bounds are inclusive.
struct Range {
    std::int64_t from_seq = 0, to_seq = std::numeric_limits<std::int64_t>::max();
    std::optional<std::string> epoch;
    std::optional<std::chrono::milliseconds> since, until;  ///< Unix time of the message
};

/// A message as a tool shows it.
struct Entry {
    StoredMessage message;
    std::chrono::milliseconds time{0};  ///< Unix time at which it was made, as true as it is known
    bool owed = false;
    bool damaged = false;  ///< its checksum is wrong: it will not be sent
};

/// A piece of a long look through the outbox. The work is done in pieces so that nothing else waits for it: ask again
/// from `next` until `end`.
struct Page {
    std::vector<Entry> entries;
    std::int64_t next = 0;
    bool end = false;
};

/// A piece of a long change, as Page.
struct Progress {
    std::int64_t next = 0;
    bool end = false;
    std::uint64_t messages = 0, readings = 0;  ///< that this piece has changed
};

}  // namespace fieldlink
