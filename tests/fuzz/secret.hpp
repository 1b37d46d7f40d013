#pragma once

#include <string_view>

#include "require.hpp"

namespace fieldlink::fuzz {

/// What stands for the credential in these targets. Its control characters cannot come from the service's own words,
/// which lose theirs before they are shown, so whatever shows it has it from the credential.
inline constexpr std::string_view kSecret = "\x01the credential\x02";

inline void require_no_secret(std::string_view text) {
    require(text.find(kSecret) == std::string_view::npos, "a credential is neither logged nor shown");
}

}  // namespace fieldlink::fuzz
