#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "storage/message.hpp"

/// How readings are kept inside a stored message, and how a stored message becomes JSON.
///
/// `ts` is known only when a message is sent (a gateway without a battery clock boots in 1970), so the body of a
/// readings message is not yet JSON: it is a moment of the boot clock and a run of records, each a little-endian
/// header and the JSON members that follow `ts`.
///
///     i64 base, milliseconds of the boot clock
///     u32 size of what follows · i32 milliseconds after the base · u8 length · sensor · members        (repeated)
namespace fieldlink {

/// The longest that `ts` and what may stand beside it can get: `1763999999120,"clock":"unsynced"`.
inline constexpr std::size_t kMaxTimeBytes = 13 + sizeof(R"(,"clock":"unsynced")") - 1;

/// Begins a body; the times of its records count from `base` (boot clock).
void begin_body(std::string& body, std::chrono::milliseconds base);

/// Appends one record. `members` is e.g. `"values":{"temperature":71.5}`; `sensor` has at most 255 bytes and needs no
/// escaping. Both are copied.
void append_record(std::string& body, std::chrono::milliseconds after_base, std::string_view sensor,
                   std::string_view members);

/// The most bytes that such a record takes in the published JSON, with its comma.
std::size_t rendered_size(std::string_view sensor, std::string_view members);

/// Appends the message as it is published. A damaged body ends at its last whole record.
void render(const StoredMessage& message, std::string& json);

/// The most bytes that a published frame holds besides the records of its readings message.
std::size_t frame_overhead(std::string_view gateway, std::string_view channel);

}  // namespace fieldlink
