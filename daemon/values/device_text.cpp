#include "daemon/values/device_text.hpp"

#include <array>
#include <cstdint>

#include "daemon/json/writer.hpp"

namespace fieldlink {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::uint8_t byte_at(std::string_view text, std::size_t i) {
    return static_cast<std::uint8_t>(text[i]);
}

/// Lead bytes and the range of the byte after them, by table 3-7 of the Unicode standard: overlong forms, surrogates
/// and what is beyond U+10FFFF are not in it.
struct Lead {
    std::uint8_t first, last, second_min, second_max;
    std::size_t length;
};
constexpr std::array<Lead, 8> kLeads{{{0xC2, 0xDF, 0x80, 0xBF, 2},
                                      {0xE0, 0xE0, 0xA0, 0xBF, 3},
                                      {0xE1, 0xEC, 0x80, 0xBF, 3},
                                      {0xED, 0xED, 0x80, 0x9F, 3},
                                      {0xEE, 0xEF, 0x80, 0xBF, 3},
                                      {0xF0, 0xF0, 0x90, 0xBF, 4},
                                      {0xF1, 0xF3, 0x80, 0xBF, 4},
                                      {0xF4, 0xF4, 0x80, 0x8F, 4}}};

/// Length of the valid multi-byte sequence at `start`, or 0.
std::size_t sequence_length(std::string_view text, std::size_t start) {
    for (const Lead& lead : kLeads) {
        if (byte_at(text, start) < lead.first || byte_at(text, start) > lead.last) continue;
        if (text.size() - start < lead.length) return 0;
        if (byte_at(text, start + 1) < lead.second_min || byte_at(text, start + 1) > lead.second_max) return 0;
        for (std::size_t i = 2; i < lead.length; ++i)
            if ((byte_at(text, start + i) & 0xC0) != 0x80) return 0;
        return lead.length;
    }
    return 0;
}

std::string repaired(std::string_view text) {
    std::string valid;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = byte_at(text, i) < 0x80 ? 1 : sequence_length(text, i);
        if (length == 0)
            valid += kReplacement;
        else
            valid += text.substr(i, length);
        i += length == 0 ? 1 : length;
    }
    return valid;
}

}  // namespace

void append_device_text(std::string& json, std::string_view text) {
    append_json_string(json, repaired(text));
}

}  // namespace fieldlink
