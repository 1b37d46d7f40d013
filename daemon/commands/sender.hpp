#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fieldlink {

/// Whether `from` matches one of `patterns`, in which `*` is any run of characters. No patterns: whoever the service
/// lets publish on the channel.
bool sender_allowed(const std::vector<std::string>& patterns, std::string_view from);

}  // namespace fieldlink
