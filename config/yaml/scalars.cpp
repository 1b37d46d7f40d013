#include "config/yaml/scalars.hpp"

#include <algorithm>

#include "config/yaml/did_you_mean.hpp"
#include "config/yaml/printable.hpp"
#include "config/yaml/quantity.hpp"

namespace fieldlink {
namespace {

/// The scalar's text; reports what is no scalar. `expected`: "a duration, e.g. 500ms".
const std::string* scalar(const Field& field, const std::string& expected, Report& report) {
    switch (field.node->kind) {
        case YamlNode::Kind::scalar:
            return &field.node->text;
        case YamlNode::Kind::null:
            report.error(field, "has no value; write " + expected);
            return nullptr;
        case YamlNode::Kind::list:
            report.error(field, "is a list; write " + expected);
            return nullptr;
        case YamlNode::Kind::map:
            break;
    }
    report.error(field, "holds keys of its own; write " + expected);
    return nullptr;
}

template <class T>
std::optional<T> in_bounds(const Field& field, T value, Bounds<T> bounds, std::string (*format)(T), Report& report) {
    if (value >= bounds.least && value <= bounds.most) return value;
    const bool small = value < bounds.least;
    report.error(field, in_quotes(field.node->text) +
                            (small ? " is too small; the least is " : " is too large; the most is ") +
                            format(small ? bounds.least : bounds.most));
    return std::nullopt;
}

std::string format_whole(std::int64_t value) {
    return std::to_string(value);
}

std::string repair_or(const std::optional<std::string>& repaired, const std::string& example) {
    return repaired ? "; did you mean " + *repaired + "?" : "; write " + example;
}

}  // namespace

std::optional<bool> read_boolean(const Field& field, Report& report) {
    const std::string* const text = scalar(field, "true or false", report);
    if (!text) return std::nullopt;
    if (*text == "true") return true;
    if (*text == "false") return false;
    report.error(field, in_quotes(*text) + " is neither true nor false; write true or false");
    return std::nullopt;
}

std::optional<std::int64_t> read_whole(const Field& field, Bounds<std::int64_t> bounds, Report& report) {
    const std::string expected =
        "a whole number from " + format_whole(bounds.least) + " to " + format_whole(bounds.most);
    const std::string* const text = scalar(field, expected, report);
    if (!text) return std::nullopt;
    const auto value = parse_whole(*text);
    if (value) return in_bounds(field, *value, bounds, format_whole, report);
    report.error(field, in_quotes(*text) + " is not a whole number; write " + expected);
    return std::nullopt;
}

std::optional<double> read_number(const Field& field, Bounds<double> bounds, Report& report) {
    const std::string* const text = scalar(field, "a number, e.g. 2.5", report);
    if (!text) return std::nullopt;
    const auto value = parse_number(*text);
    if (value) return in_bounds(field, *value, bounds, format_number, report);
    report.error(field, in_quotes(*text) + " is not a number; write e.g. 2.5");
    return std::nullopt;
}

std::optional<Decimal> read_decimal(const Field& field, Report& report) {
    const std::string* const text = scalar(field, "a number, e.g. 0.1", report);
    if (!text) return std::nullopt;
    const auto value = parse_decimal_scalar(*text);
    if (value) return value;
    const bool is_number = parse_number(*text).has_value();
    report.error(field, in_quotes(*text) + (is_number ? " has too many digits; write at most 18, e.g. 0.001"
                                                      : " is not a number; write e.g. 0.1"));
    return std::nullopt;
}

std::optional<milliseconds> read_duration(const Field& field, Bounds<milliseconds> bounds, Report& report) {
    const std::string* const text = scalar(field, "a duration, e.g. 500ms, 10s, 5m, 24h or 7d", report);
    if (!text) return std::nullopt;
    const auto value = parse_duration(*text);
    if (value) return in_bounds(field, *value, bounds, format_duration, report);
    report.error(field, in_quotes(*text) + " is not a duration" +
                            repair_or(repaired_duration(*text), "a whole number with ms, s, m, h or d, e.g. 500ms"));
    return std::nullopt;
}

std::optional<std::uint64_t> read_size(const Field& field, Bounds<std::uint64_t> bounds, Report& report) {
    const std::string* const text = scalar(field, "a size, e.g. 64KiB or 256MiB", report);
    if (!text) return std::nullopt;
    const auto value = parse_size(*text);
    if (value) return in_bounds(field, *value, bounds, format_size, report);
    report.error(field, in_quotes(*text) + " is not a size" +
                            repair_or(repaired_size(*text), "a whole number with KiB, MiB or GiB, e.g. 64KiB"));
    return std::nullopt;
}

std::optional<std::string> read_text(const Field& field, Report& report) {
    const std::string* const text = scalar(field, "a text", report);
    if (!text) return std::nullopt;
    if (text->empty()) {
        report.error(field, "is empty; write a text or remove the key");
        return std::nullopt;
    }
    if (!has_control_characters(*text)) return *text;
    report.error(field, "holds a line end or another control character; write it as one line");
    return std::nullopt;
}

std::optional<std::size_t> read_word(const Field& field, const std::vector<std::string>& words, Report& report) {
    const std::string* const text = scalar(field, "one of: " + joined(words), report);
    if (!text) return std::nullopt;
    const auto found = std::find(words.begin(), words.end(), *text);
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    report.error(field, in_quotes(*text) + " is not one of the choices" + did_you_mean(*text, words));
    return std::nullopt;
}

std::vector<Field> read_list(const Field& field, Report& report) {
    if (field.node->kind != YamlNode::Kind::list) {
        report.error(field, "must be a list; write [A, B], or [] for none");
        return {};
    }
    std::vector<Field> items;
    for (const YamlNode& item : field.node->items) {
        const std::string place = "[" + std::to_string(items.size()) + "]";
        items.push_back({&item, item.mark, field.path + place, field.schema + ".*"});
    }
    return items;
}

}  // namespace fieldlink
