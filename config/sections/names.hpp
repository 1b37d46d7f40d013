#pragma once

#include <string>
#include <string_view>

namespace fieldlink {

/// 1 to 64 of A-Z a-z 0-9 . _ -: gateways, buses, sensors, points and credentials.
bool is_name(std::string_view text);

/// What a name may be, for messages.
extern const char* const kNameRule;

/// The name of an environment variable.
bool is_variable_name(std::string_view text);

}  // namespace fieldlink
