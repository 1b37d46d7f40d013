#include "daemon/ctl/terminal_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace fieldlink {
namespace {

constexpr std::uint32_t kInvalid = 0xFFFD;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

struct CodePoint {
    std::uint32_t value = kInvalid;
    std::size_t size = 1;
};

bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

/// Length and leading bits by the first byte; size 0 if none begins so.
CodePoint leading(unsigned char byte) {
    if (byte < 0x80) return {byte, 1};
    if (byte >= 0xC2 && byte < 0xE0) return {byte & 0x1Fu, 2};
    if (byte >= 0xE0 && byte < 0xF0) return {byte & 0x0Fu, 3};
    if (byte >= 0xF0 && byte < 0xF5) return {byte & 0x07u, 4};
    return {kInvalid, 0};
}

/// The code point at the start of `text`; one byte of U+FFFD if it is no UTF-8.
CodePoint decode(std::string_view text) {
    CodePoint point = leading(static_cast<unsigned char>(text[0]));
    if (point.size == 0 || point.size > text.size()) return {};
    for (std::size_t i = 1; i < point.size; ++i) {
        if (!is_continuation(text[i])) return {};
        point.value = point.value << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
    }
    constexpr std::array<std::uint32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = point.value >= 0xD800 && point.value < 0xE000;
    if (point.value < smallest[point.size] || point.value > 0x10FFFF || surrogate) return {};
    return point;
}

bool is_harmful(std::uint32_t c) {
    const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
    const bool changes_direction = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    const bool breaks_line = c == 0x2028 || c == 0x2029;
    return control || changes_direction || breaks_line || c == kInvalid;
}

bool is_space(std::uint32_t c) {
    return c == '\t' || c == '\n' || c == '\r';
}

/// Copies `text`; `replace` appends something else for each harmful code point.
template <class Replace>
std::string copy_harmless(std::string_view text, Replace replace) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const CodePoint point = decode(text);
        if (is_harmful(point.value))
            replace(out, point.value);
        else
            out.append(text.substr(0, point.size));
        text.remove_prefix(point.size);
    }
    return out;
}

void replace_in_text(std::string& out, std::uint32_t c) {
    out.append(is_space(c) ? std::string_view(" ") : kReplacement);
}

/// All harmful code points lie in the plane that \u reaches.
void replace_in_json(std::string& out, std::uint32_t c) {
    std::array<char, 8> escape{};
    std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(c & 0xFFFF));
    out.append(escape.data());
}

}  // namespace

std::string for_terminal(std::string_view text) {
    return copy_harmless(text, replace_in_text);
}

std::string json_for_terminal(std::string_view json) {
    return copy_harmless(json, replace_in_json);
}

std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

std::string fit(std::string_view text, std::size_t width) {
    if (columns(text) <= width) return std::string(text);
    if (width == 0) return {};
    std::size_t end = 0;
    for (std::size_t kept = 0; kept + 1 < width; ++kept)
        end += decode(text.substr(end)).size;
    return std::string(text.substr(0, end)).append(kEllipsis);
}

}  // namespace fieldlink
