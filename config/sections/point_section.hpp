#pragma once

#include <string>

#include "config/config.hpp"
#include "config/driver_keys.hpp"
#include "config/yaml/section.hpp"

namespace fieldlink {

/// Reads one point. `keys` null: its driver is not known, so only what every point has is checked.
PointConfig read_point(const std::string& name, const Field& field, const DriverKeys* keys, Report& report);

}  // namespace fieldlink
