#pragma once

#include <string>
#include <string_view>

namespace fieldlink {

/// Appends `text`, which is valid UTF-8, as a JSON string with its quotes.
void append_json_string(std::string& json, std::string_view text);

}  // namespace fieldlink
