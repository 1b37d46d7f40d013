#include "config/sections/names.hpp"

#include <algorithm>

namespace fieldlink {
namespace {

constexpr std::size_t kLongestName = 64;

bool is_letter_or_digit(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
}

bool may_be_in_name(char letter) {
    return is_letter_or_digit(letter) || letter == '.' || letter == '_' || letter == '-';
}

bool may_be_in_variable(char letter) {
    return is_letter_or_digit(letter) || letter == '_';
}

}  // namespace

const char* const kNameRule = "1 to 64 of A-Z a-z 0-9 . _ -";

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= kLongestName && std::all_of(text.begin(), text.end(), may_be_in_name);
}

bool is_variable_name(std::string_view text) {
    const bool begins_right = !text.empty() && !(text[0] >= '0' && text[0] <= '9');
    return begins_right && std::all_of(text.begin(), text.end(), may_be_in_variable);
}

}  // namespace fieldlink
