#include "config/yaml/printable.hpp"

#include <algorithm>
#include <cstdint>

namespace fieldlink {
namespace {

constexpr int kMostCharacters = 60;

bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

bool is_control(char byte) {
    return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F;
}

std::size_t sequence_length(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead < 0xE0) return 2;
    if (lead >= 0xE0 && lead < 0xF0) return 3;
    if (lead >= 0xF0 && lead < 0xF5) return 4;
    return 0;
}

/// The length of the character that `text` begins with, 0 if it is not valid UTF-8.
std::size_t valid_length(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t length = sequence_length(lead);
    if (length == 0 || length > text.size()) return 0;
    if (length == 1) return 1;
    std::uint32_t character = lead & (0xFFu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if (!is_continuation(text[i])) return 0;
        character = character << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
    }
    const bool overlong = (length == 3 && character < 0x800) || (length == 4 && character < 0x10000);
    const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
    return overlong || surrogate || character > 0x10FFFF ? 0 : length;
}

bool is_text_control(char byte) {
    return byte == '\t' || byte == '\n' || byte == '\r';
}

}  // namespace

std::string printable(std::string_view text) {
    std::string result;
    int characters = 0;
    for (const char byte : text) {
        if (!is_continuation(byte) && ++characters > kMostCharacters) return result + "…";
        result += is_control(byte) ? '?' : byte;
    }
    return result;
}

std::string in_quotes(std::string_view text) {
    return '"' + printable(text) + '"';
}

std::string joined(const std::vector<std::string>& words) {
    std::string result;
    for (const std::string& word : words) {
        if (!result.empty()) result += ", ";
        result += word;
    }
    return result;
}

int count_characters(std::string_view text) {
    return static_cast<int>(std::count_if(text.begin(), text.end(), [](char byte) { return !is_continuation(byte); }));
}

std::size_t first_unreadable(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t length = valid_length(text.substr(at));
        if (length == 0 || (is_control(text[at]) && !is_text_control(text[at]))) return at;
        at += length;
    }
    return at;
}

bool has_control_characters(std::string_view text) {
    return std::any_of(text.begin(), text.end(), is_control);
}

}  // namespace fieldlink
