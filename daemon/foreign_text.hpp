#pragma once

#include <string>
#include <string_view>

namespace fieldlink {

/// Text that came from outside, fit for a line in the journal: at most 200 bytes, control characters as `?`.
std::string foreign_text(std::string_view text);

}  // namespace fieldlink
