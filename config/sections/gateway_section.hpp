#pragma once

#include <string>

#include "config/yaml/section.hpp"

namespace fieldlink {

/// The id of this gateway: what is written, else the host name. The names that cloned images share are refused as a
/// default. Empty after an error.
std::string read_gateway(Section& root, const std::string& host_name, Report& report);

}  // namespace fieldlink
