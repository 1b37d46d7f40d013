#pragma once

#include <string>
#include <string_view>
#include <vector>

/// What an operator wrote, made fit for a line of output.
namespace fieldlink {

/// Control characters become `?`, and after 60 characters `…` follows: a terminal shows it as it is.
std::string printable(std::string_view text);

/// printable() in double quotes.
std::string in_quotes(std::string_view text);

/// "a, b, c"
std::string joined(const std::vector<std::string>& words);

/// How many characters valid UTF-8 holds.
int count_characters(std::string_view text);

/// The offset of the first byte that is not valid UTF-8, or is a control character other than tab and line end;
/// `text.size()` if there is none.
std::size_t first_unreadable(std::string_view text);

bool has_control_characters(std::string_view text);

}  // namespace fieldlink
