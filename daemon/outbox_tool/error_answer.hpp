#pragma once

#include <string>
#include <string_view>

namespace fieldlink {

/// `{"ok":false,"error":…}`, without an end of line. What is not valid UTF-8 in `text` becomes U+FFFD.
std::string error_answer(std::string_view text);

}  // namespace fieldlink
