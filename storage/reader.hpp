#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "storage/commit.hpp"

namespace fieldlink {

/// Hands out what is owed. A row that is gone, or whose checksum is wrong, is never handed out: it stops being owed and
/// becomes a loss with the reason "corrupt".
class Reader {
public:
    explicit Reader(OutboxParts& parts) : parts_(parts) {}

    /// As Outbox::take().
    std::vector<StoredMessage> take(std::size_t max_messages, std::size_t max_bytes);

    /// The readings of a message that is owed.
    std::uint32_t readings_of(std::int64_t seq, bool urgent);

private:
    /// The message that is next, whole; otherwise its loss is noted and there may be another one.
    std::optional<Row> read(const Sending::Next& next);
    bool is_whole(const Row& row) const;
    void note_missing(const Sending::Next& next, const std::optional<Row>& neighbour);
    void note_damaged(const Sending::Next& next, const RowHead& head);
    StoredMessage message_of(Row row) const;
    MessageTable& table(bool urgent) { return urgent ? parts_.urgent : parts_.messages; }

    OutboxParts& parts_;
};

}  // namespace fieldlink
