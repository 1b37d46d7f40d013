#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The one place where JSON from outside is read. Text of any shape, a hostile one included, gives either a document or
/// a line that says what is wrong; asking a value for what it is not gives nothing, never undefined behaviour.
namespace fieldlink {

/// What a document may cost. Beyond a limit it is refused like any other faulty text.
struct JsonLimits {
    std::size_t bytes = 1024 * 1024;
    std::size_t depth = 32;       ///< nested objects and arrays
    std::size_t values = 20'000;  ///< of every kind, in the whole document
};

enum class JsonKind : std::uint8_t { missing, null, boolean, number, string, array, object };

class JsonDocument;

/// One value of a document, or the absence of one. Cheap to copy; valid as long as the document and its text.
class JsonValue {
public:
    JsonValue() = default;  ///< missing

    JsonKind kind() const;
    bool exists() const { return document_ != nullptr; }
    bool is_object() const { return kind() == JsonKind::object; }
    bool is_array() const { return kind() == JsonKind::array; }
    bool is_null() const { return kind() == JsonKind::null; }

    /// The member of that name; missing if there is none or this is no object. Of several the last counts, as in
    /// JavaScript. Takes time in proportion to the number of members.
    JsonValue operator[](std::string_view member) const;

    /// Each is empty if the value is missing or of another kind.
    std::optional<std::string_view> string() const;  ///< unescaped, valid UTF-8
    std::optional<double> number() const;
    std::optional<bool> boolean() const;

    /// A number without a fraction that an int64 holds; `60.0` is one as well.
    std::optional<std::int64_t> integer() const;

    /// The value exactly as it is written in the text; empty if missing.
    std::string_view raw() const;

    /// Walks members and elements:  for (JsonValue v = array.first(); v.exists(); v = v.next()) …
    JsonValue first() const;        ///< missing if this is empty or neither object nor array
    JsonValue next() const;         ///< missing after the last one
    std::string_view name() const;  ///< of a member; else empty

private:
    friend class JsonDocument;
    JsonValue(const JsonDocument* document, std::size_t index) : document_(document), index_(index) {}

    const JsonDocument* document_ = nullptr;
    std::size_t index_ = 0;
};

/// Parsed JSON. Refers to `text`, which must stay as it is while the document is used.
class JsonDocument {
public:
    explicit JsonDocument(std::string_view text, const JsonLimits& limits = {});
    JsonDocument(const JsonDocument&) = delete;  // values point at it
    JsonDocument& operator=(const JsonDocument&) = delete;

    bool valid() const { return error_.empty(); }

    /// What is wrong with the text and where; empty if it is valid.
    const std::string& error() const { return error_; }

    /// The outermost value; missing if the text is not valid.
    JsonValue root() const { return valid() ? JsonValue(this, 0) : JsonValue(); }

private:
    friend class JsonValue;
    class Builder;

    /// Values in the order of the text; what is inside of a value follows it directly.
    struct Node {
        JsonKind kind = JsonKind::missing;
        bool boolean = false;
        bool is_integer = false;
        std::size_t parent_end = 0;  ///< index behind the last value of the parent
        std::size_t end = 0;         ///< index behind this value and all that is inside of it
        std::int64_t integer = 0;
        double number = 0;
        std::string_view name, string, raw;
    };

    std::vector<Node> nodes_;
    std::deque<std::string> unescaped_;  ///< strings that differ from how they are written
    std::string error_;
};

}  // namespace fieldlink
