#include "daemon/json/reader.hpp"

#include <cassert>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace fieldlink {
namespace {

/// Between two values there are only these: the first other character begins the next value.
bool is_between_values(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' || c == ':';
}

/// RapidJSON takes `\udc00` without its first half, and makes of it what is not UTF-8: 0xED and a byte from 0xA0 on.
bool has_half_a_pair(std::string_view text) {
    for (std::size_t at = text.find('\xED'); at != std::string_view::npos; at = text.find('\xED', at + 1))
        if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xA0) return true;
    return false;
}

}  // namespace

/// Receives RapidJSON's events and lays down the nodes.
///
/// The events carry no position, so the stream is asked: at a scalar it stands behind the text, at a bracket before it.
class JsonDocument::Builder {
public:
    using Ch = char;

    Builder(JsonDocument& document, std::string_view text, const JsonLimits& limits, const rapidjson::MemoryStream& at)
        : document_(document), text_(text), limits_(limits), at_(at) {}

    bool Null() { return add_scalar(JsonKind::null); }

    bool Bool(bool value) {
        if (!add_scalar(JsonKind::boolean)) return false;
        last().boolean = value;
        return true;
    }

    /// RapidJSON only checks how a number is written. Its own conversion makes any value of `0e300`, and infinity of
    /// what is just beyond a double.
    bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
        const char* const end = text + size;
        std::int64_t integer = 0;
        if (const auto read = std::from_chars(text, end, integer); read.ec == std::errc() && read.ptr == end)
            return add_integer(integer);
        double number = 0;
        if (std::from_chars(text, end, number).ec != std::errc())
            number = std::strtod(std::string(text, end).c_str(), nullptr);
        return std::isfinite(number) ? add_number(number) : refuse("a number beyond the range of a double");
    }

    bool Int(int) { return not_asked_for(); }
    bool Uint(unsigned) { return not_asked_for(); }
    bool Int64(std::int64_t) { return not_asked_for(); }
    bool Uint64(std::uint64_t) { return not_asked_for(); }
    bool Double(double) { return not_asked_for(); }

    bool String(const char* value, rapidjson::SizeType size, bool) {
        if (has_half_a_pair({value, size})) return refuse("half of a surrogate pair");
        if (!add_scalar(JsonKind::string)) return false;
        last().string = keep(last().raw, {value, size});
        return true;
    }

    bool Key(const char* value, rapidjson::SizeType size, bool) {
        if (has_half_a_pair({value, size})) return refuse("half of a surrogate pair");
        name_ = keep(written(at_.Tell()), {value, size});
        return true;
    }

    bool StartObject() { return open(JsonKind::object); }
    bool EndObject(rapidjson::SizeType) { return close(); }
    bool StartArray() { return open(JsonKind::array); }
    bool EndArray(rapidjson::SizeType) { return close(); }

    /// The limit that ended the parsing, if one did.
    const std::string& refusal() const { return refusal_; }

private:
    Node& last() { return document_.nodes_.back(); }

    /// The text of the value that ends at `end`; whatever comes next begins there.
    std::string_view written(std::size_t end) {
        std::size_t begin = position_;
        while (is_between_values(text_[begin]))
            ++begin;
        position_ = end;
        return text_.substr(begin, end - begin);
    }

    /// A string as it is used: a view of the text if it was written without escapes.
    std::string_view keep(std::string_view raw, std::string_view value) {
        if (raw.size() == value.size() + 2) return raw.substr(1, value.size());
        return document_.unescaped_.emplace_back(value);
    }

    bool add(JsonKind kind, std::size_t end) {
        if (document_.nodes_.size() >= limits_.values)
            return refuse("more than " + std::to_string(limits_.values) + " values");
        Node& node = document_.nodes_.emplace_back();
        node.kind = kind;
        node.raw = written(end);
        node.name = name_;
        node.end = document_.nodes_.size();
        name_ = {};
        return true;
    }

    bool add_scalar(JsonKind kind) { return add(kind, at_.Tell()); }

    bool add_integer(std::int64_t value) {
        if (!add_scalar(JsonKind::number)) return false;
        last().is_integer = true;
        last().integer = value;
        last().number = static_cast<double>(value);
        return true;
    }

    bool add_number(double value) {
        if (!add_scalar(JsonKind::number)) return false;
        constexpr double kExact = 9007199254740992.0;  // 2^53: beyond it a double is no longer a certain integer
        last().number = value;
        last().is_integer = std::fabs(value) <= kExact && std::trunc(value) == value;
        if (last().is_integer) last().integer = static_cast<std::int64_t>(value);
        return true;
    }

    static bool not_asked_for() {
        assert(false && "numbers are read from their text");
        return false;
    }

    bool open(JsonKind kind) {
        if (open_.size() >= limits_.depth) return refuse("nested deeper than " + std::to_string(limits_.depth));
        if (!add(kind, at_.Tell() + 1)) return false;
        open_.push_back(document_.nodes_.size() - 1);
        return true;
    }

    bool close() {
        Node& node = document_.nodes_[open_.back()];
        const std::size_t first = open_.back() + 1;
        open_.pop_back();
        position_ = at_.Tell() + 1;
        node.end = document_.nodes_.size();
        node.raw = text_.substr(static_cast<std::size_t>(node.raw.data() - text_.data()));
        node.raw = node.raw.substr(0, position_ - static_cast<std::size_t>(node.raw.data() - text_.data()));
        for (std::size_t child = first; child < node.end; child = document_.nodes_[child].end)
            document_.nodes_[child].parent_end = node.end;
        return true;
    }

    bool refuse(std::string why) {
        refusal_ = std::move(why);
        return false;
    }

    JsonDocument& document_;
    std::string_view text_;
    const JsonLimits& limits_;
    const rapidjson::MemoryStream& at_;
    std::size_t position_ = 0;  ///< behind the last value or bracket
    std::string_view name_;     ///< of the value that comes next
    std::vector<std::size_t> open_;
    std::string refusal_;
};

JsonDocument::JsonDocument(std::string_view text, const JsonLimits& limits) {
    if (text.size() > limits.bytes) {
        error_ = "longer than " + std::to_string(limits.bytes) + " bytes";
        return;
    }
    // Iterative: the depth of the text must not become depth of the stack.
    constexpr unsigned kFlags =
        rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNumbersAsStringsFlag;
    rapidjson::MemoryStream stream(text.data(), text.size());
    Builder builder(*this, text, limits, stream);
    rapidjson::Reader reader;
    const auto result = reader.Parse<kFlags>(stream, builder);
    const std::string place = " at byte " + std::to_string(result ? stream.Tell() : result.Offset());
    if (!builder.refusal().empty())
        error_ = builder.refusal() + place;
    else if (!result)
        error_ = rapidjson::GetParseError_En(result.Code()) + place;
    else if (stream.Tell() != text.size())
        error_ = "a zero byte" + place;  // the stream's end, as RapidJSON sees it
}

JsonKind JsonValue::kind() const {
    return exists() ? document_->nodes_[index_].kind : JsonKind::missing;
}

JsonValue JsonValue::operator[](std::string_view member) const {
    JsonValue found;
    if (!is_object()) return found;
    for (JsonValue value = first(); value.exists(); value = value.next())
        if (value.name() == member) found = value;
    return found;
}

std::optional<std::string_view> JsonValue::string() const {
    if (kind() != JsonKind::string) return std::nullopt;
    return document_->nodes_[index_].string;
}

std::optional<double> JsonValue::number() const {
    if (kind() != JsonKind::number) return std::nullopt;
    return document_->nodes_[index_].number;
}

std::optional<bool> JsonValue::boolean() const {
    if (kind() != JsonKind::boolean) return std::nullopt;
    return document_->nodes_[index_].boolean;
}

std::optional<std::int64_t> JsonValue::integer() const {
    if (kind() != JsonKind::number || !document_->nodes_[index_].is_integer) return std::nullopt;
    return document_->nodes_[index_].integer;
}

std::string_view JsonValue::raw() const {
    return exists() ? document_->nodes_[index_].raw : std::string_view();
}

JsonValue JsonValue::first() const {
    if (!exists() || document_->nodes_[index_].end == index_ + 1) return {};
    return {document_, index_ + 1};
}

JsonValue JsonValue::next() const {
    if (!exists()) return {};
    const auto& node = document_->nodes_[index_];
    if (node.end >= node.parent_end) return {};
    return {document_, node.end};
}

std::string_view JsonValue::name() const {
    return exists() ? document_->nodes_[index_].name : std::string_view();
}

}  // namespace fieldlink
