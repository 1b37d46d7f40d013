#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/message/record_index.hpp"
#include "storage/message.hpp"

/// How a stored message becomes the JSON that is published (how it is stored: storage/records.hpp).
namespace fieldlink {

/// The longest that `ts` and what may stand beside it can get: `1763999999120,"clock":"unsynced"`.
inline constexpr std::size_t kMaxTimeBytes = 13 + sizeof(R"(,"clock":"unsynced")") - 1;

/// The most bytes that a record takes in the published JSON, with its comma.
std::size_t rendered_size(std::string_view sensor, std::string_view members);

/// Appends the message as it is published. A damaged body ends at its last whole record.
///
/// Every `ts` is the boot clock's time plus the true offset (Unix time minus boot clock): `true_offset` for messages of
/// this boot, as far as it is known now, and what is stored with the message for those of an earlier one. Without any,
/// it is what the wall clock showed, and `"clock":"unsynced"` stands beside it. A wall clock within 100 ms of the true
/// time is taken as it was: so a message that is sent again has the same times.
///
/// A gap record whose body has no `first_ts` gets it, and `last_ts`, from the message's first and last.
void render(const StoredMessage& message, std::optional<std::chrono::milliseconds> true_offset, std::string& json);

/// Appends one part of a readings message; `body` holds the records of the part, see RecordIndex::cut(). All else, and
/// the times above all, is as in the whole.
void render_part(const StoredMessage& message, const Part& part, std::string_view body,
                 std::optional<std::chrono::milliseconds> true_offset, std::string& json);

/// The most bytes that a published frame holds besides the records of its readings message.
std::size_t frame_overhead(std::string_view gateway, std::string_view channel);

/// The same for the frame of a part.
std::size_t part_overhead(std::string_view gateway, std::string_view channel);

}  // namespace fieldlink
