#pragma once

#include <string>

#include "config/config.hpp"
#include "config/yaml/section.hpp"

namespace fieldlink {

/// Reads `uplink:`. `gateway` fills the places in channels and in the provisioning URL.
UplinkConfig read_uplink(Section& root, const std::string& gateway, Report& report);

}  // namespace fieldlink
