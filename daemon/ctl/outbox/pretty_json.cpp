#include "daemon/ctl/outbox/pretty_json.hpp"

#include "daemon/ctl/terminal_text.hpp"
#include "daemon/json/writer.hpp"

namespace fieldlink {
namespace {

constexpr std::size_t kWidth = 80;

bool is_container(JsonValue value) {
    return value.is_object() || value.is_array();
}

bool is_short(JsonValue value) {
    for (JsonValue child = value.first(); child.exists(); child = child.next())
        if (is_container(child)) return false;
    return columns(value.raw()) <= kWidth;
}

void append(std::string& text, JsonValue value, std::size_t depth);

/// `": "` and `", "` instead of ":" and ",", or line breaks.
void append_children(std::string& text, JsonValue value, std::size_t depth, const std::string& separator) {
    bool first = true;
    for (JsonValue child = value.first(); child.exists(); child = child.next()) {
        if (!first) text += ',';
        if (!first || separator[0] == '\n') text += separator;
        first = false;
        if (value.is_object()) {
            append_json_string(text, child.name());
            text += ": ";
        }
        append(text, child, depth + 1);
    }
}

/// As deep as the reader's limit on nesting, which is small.
void append(std::string& text, JsonValue value, std::size_t depth) {
    if (!is_container(value)) {
        text += value.raw();
        return;
    }
    const bool in_line = is_short(value);
    text += value.is_object() ? '{' : '[';
    append_children(text, value, depth, in_line ? " " : "\n" + std::string(2 * depth + 2, ' '));
    if (!in_line) text += "\n" + std::string(2 * depth, ' ');
    text += value.is_object() ? '}' : ']';
}

}  // namespace

std::string pretty_json(JsonValue value) {
    std::string text;
    append(text, value, 0);
    return text + '\n';
}

}  // namespace fieldlink
