#pragma once

#include <string>
#include <string_view>

/// Text as a terminal may get it.
namespace fieldlink {

/// Makes text from a device, a file or the service harmless: control characters, what changes the direction of writing
/// and bytes that are not UTF-8 become U+FFFD; tabs and line breaks become spaces.
std::string for_terminal(std::string_view text);

/// The same for a line of JSON, which stays JSON of the same meaning: they become \u escapes.
std::string json_for_terminal(std::string_view json);

/// How many columns printable text takes (one a code point).
std::size_t columns(std::string_view text);

/// At most `width` columns of printable text; what is cut off shows as "…".
std::string fit(std::string_view text, std::size_t width);

}  // namespace fieldlink
