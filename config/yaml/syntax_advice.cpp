#include "config/yaml/syntax_advice.hpp"

#include <string_view>

namespace fieldlink {
namespace {

struct Advice {
    std::string_view parser_message;
    std::string_view text;
};

// clang-format off
constexpr Advice kAdvice[] = {
    {"illegal map value",            "a second \": \" in one line, or a line indented differently from its neighbours; "
                                     "align it, and put a text that holds \": \" in quotes"},
    {"end of map not found",         "this line is not indented like the keys before it; align it with them"},
    {"end of sequence not found",    "this line is not indented like the list before it; align it"},
    {"end of map flow not found",    "this { is never closed, or a comma is missing in it; write {KEY: VALUE, KEY: VALUE}"},
    {"end of sequence flow not found", "this [ is never closed, or a comma is missing in it; write [A, B]"},
    {"illegal flow end",             "a } or ] that closes nothing; remove it"},
    {"illegal tab when looking for indentation", "a tab in the indentation; use spaces"},
    {"the referenced anchor is not defined", "nothing is marked &NAME for this *NAME; a text that begins with * needs quotes"},
    {"unknown token",                "a text cannot begin with this character; put it in quotes"},
    {"bad file",                     "keys within keys, more levels than a configuration has; check the indentation"},
    {"illegal block entry",          "a list item does not belong here; put \"- \" on a line of its own"},
    {"illegal map key",              "a key does not belong here; check the indentation"},
};
// clang-format on

}  // namespace

std::string syntax_advice(const std::string& parser_message) {
    constexpr std::string_view kEscape = "unknown escape character";
    if (parser_message.rfind(kEscape, 0) == 0) {
        return "not YAML: in double quotes a backslash begins an escape; use single quotes: '…'";
    }
    for (const Advice& advice : kAdvice) {
        if (parser_message == advice.parser_message) return "not YAML: " + std::string(advice.text);
    }
    return "not YAML: " + parser_message + "; check quotes, brackets and indentation around here";
}

std::size_t refused_escape(const std::string& text, std::size_t offset) {
    constexpr std::size_t kEscape = 2;  // the backslash and what follows it are behind the parser by then
    const bool is_escape = offset >= kEscape && offset <= text.size() && text[offset - kEscape] == '\\';
    return is_escape ? offset - kEscape : std::string::npos;
}

bool quote_is_closed(const std::string& text, std::size_t quote) {
    const char mark = text[quote];
    for (std::size_t i = quote + 1; i < text.size(); ++i) {
        if (mark == '"' && text[i] == '\\') {
            ++i;
        } else if (text[i] == mark) {
            const bool doubled = mark == '\'' && i + 1 < text.size() && text[i + 1] == mark;
            if (!doubled) return true;
            ++i;
        }
    }
    return false;
}

std::size_t tab_in_indentation(const std::string& text, std::size_t offset) {
    const std::size_t line_end = offset == 0 ? std::string::npos : text.rfind('\n', offset - 1);
    const std::size_t begin = line_end == std::string::npos ? 0 : line_end + 1;
    const std::size_t end = text.find_first_not_of(" \t", begin);
    const std::size_t tab = text.find('\t', begin);
    return tab < end ? tab : std::string::npos;
}

}  // namespace fieldlink
