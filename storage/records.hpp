#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

/// How readings are kept inside a stored message.
///
/// `ts` is known only when a message is sent (a gateway without a battery clock boots in 1970), so the body of a
/// readings message is not yet JSON: it is a moment of the boot clock and a run of records, each a little-endian
/// header and the JSON members that follow `ts`.
///
///     i64 base, milliseconds of the boot clock
///     u32 size of what follows · i32 milliseconds after the base · u8 length · sensor · members        (repeated)
namespace fieldlink {

/// Begins a body; the times of its records count from `base` (boot clock).
void begin_body(std::string& body, std::chrono::milliseconds base);

/// Appends one record. `members` is e.g. `"values":{"temperature":71.5}`; `sensor` has at most 255 bytes and needs no
/// escaping. Both are copied.
void append_record(std::string& body, std::chrono::milliseconds after_base, std::string_view sensor,
                   std::string_view members);

struct Record {
    std::chrono::milliseconds taken;          ///< boot clock
    std::string_view sensor, members, bytes;  ///< `bytes`: the record as it is stored
};

/// Walks the records of a body. A damaged body ends at its last whole record.
class Records {
public:
    /// `body` must outlive what next() returns.
    explicit Records(std::string_view body);

    /// False at the end.
    bool next(Record& record);

    std::chrono::milliseconds base() const { return base_; }

private:
    std::string_view rest_;
    std::chrono::milliseconds base_{0};
};

}  // namespace fieldlink
