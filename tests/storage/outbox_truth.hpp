#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/outbox.hpp"

namespace fieldlink {

/// Epoch and sequence number.
using MessageId = std::pair<std::string, std::int64_t>;

inline MessageId id_of(const StoredMessage& message) {
    return {message.epoch, message.seq};
}

/// What a test has put into an outbox, to compare what comes out with. A moment is any number that grows: for a power
/// cut, a place in the log of the disk.
class Truth {
public:
    static constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

    struct Known {
        std::string channel, body;
        Kind kind = Kind::readings;
        std::uint32_t readings = 0;
        std::size_t begun = 0, committed = 0;  ///< moments when append() was called and when it had returned
        std::size_t settled = kNever;
    };

    /// append(batch) has returned `first`.
    void appended(const std::string& epoch, std::int64_t first, const std::vector<NewMessage>& batch, std::size_t begun,
                  std::size_t committed);

    /// It is about to be settled. That of a gap record must be noted too; its content is not known otherwise.
    void settled(const StoredMessage& message, std::size_t moment);

    /// Why this message must not have been handed out; empty if it is what was put in, or a gap record that makes
    /// sense.
    std::string wrong_with(const StoredMessage& message) const;

    const std::map<MessageId, Known>& messages() const { return messages_; }
    const std::map<MessageId, Known>& settled_gaps() const { return gaps_; }

private:
    std::map<MessageId, Known> messages_, gaps_;
};

/// What a gap record says.
struct GapRecord {
    explicit GapRecord(const std::string& body);

    /// It has both ends of a span or none, and names no more messages than there is room for in the span.
    bool makes_sense() const;

    bool covers(const MessageId& id) const;

    std::string epoch, reason;
    std::optional<std::int64_t> from_seq, to_seq;
    std::optional<std::uint64_t> messages, readings;
};

}  // namespace fieldlink
