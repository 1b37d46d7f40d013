#pragma once

#include <string>

#include "config/config.hpp"
#include "config/yaml/section.hpp"

namespace fieldlink {

/// Reads the one of provision, token and api_key that is written.
void read_auth(Section& uplink, const std::string& gateway, AuthConfig& auth, Report& report);

}  // namespace fieldlink
