#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/buffer.hpp"
#include "storage/gap_book.hpp"
#include "storage/log.hpp"
#include "storage/outbox.hpp"
#include "storage/sending.hpp"

namespace fieldlink {

/// Hands out what is owed, from the file and from memory. A row that is gone, or whose checksum is wrong, is never
/// handed out: it stops being owed and becomes a loss with the reason "corrupt".
class Reader {
public:
    /// `log` is null while there is no file that can be read. `now` is when a loss is noticed.
    Reader(Log* log, Buffer& buffer, GapBook& gaps, Sending& sending, const OutboxOptions& options, Stamp now)
        : log_(log), buffer_(buffer), gaps_(gaps), sending_(sending), options_(options), now_(now) {}

    /// Appends to `taken` as Outbox::take(). Throws StorageError; what was appended before is taken.
    void take(std::size_t max_messages, std::size_t max_bytes, Urgency urgency, std::vector<StoredMessage>& taken);

    /// A message of the file, or of memory, as it would be handed out.
    StoredMessage message_of(Row row) const;
    StoredMessage message_of(const BufferedMessage& message) const;

private:
    OwedView owed() const;
    std::optional<StoredMessage> read(const Sending::Next& next);
    void note_missing(const Sending::Next& next, const std::optional<Row>& neighbour);
    void note_damaged(const Sending::Next& next, const RowHead& head);
    void note(Gap gap, std::int64_t position, std::int64_t channel);

    Log* log_;
    Buffer& buffer_;
    GapBook& gaps_;
    Sending& sending_;
    const OutboxOptions& options_;
    const Stamp now_;
};

}  // namespace fieldlink
