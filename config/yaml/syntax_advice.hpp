#pragma once

#include <string>

namespace fieldlink {

/// What a message of yaml-cpp means to somebody who edits a configuration, and what to do about it.
std::string syntax_advice(const std::string& parser_message);

/// The offset of the backslash of an escape that the parser refused at `offset`; npos if there is none.
std::size_t refused_escape(const std::string& text, std::size_t offset);

/// Whether the quoted text that begins at `quote` ever ends; if it does not, yaml-cpp silently takes
/// the rest of the file for it.
bool quote_is_closed(const std::string& text, std::size_t quote);

/// The offset of a tab in the indentation of the line that holds `offset`; npos if there is none.
std::size_t tab_in_indentation(const std::string& text, std::size_t offset);

}  // namespace fieldlink
