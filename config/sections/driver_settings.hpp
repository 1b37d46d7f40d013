#pragma once

#include <vector>

#include "config/config.hpp"
#include "config/driver_keys.hpp"
#include "config/yaml/section.hpp"

namespace fieldlink {

/// Reads what of `keys` is written in `section` and reports what is required and missing. In the order of `keys`.
std::vector<Setting> read_settings(Section& section, const std::vector<DriverKey>& keys, Report& report);

/// Lets the report say of each of `keys` that is written in `section` that it belongs to `where`.
void belong_elsewhere(Section& section, const std::vector<DriverKey>& keys, const std::string& where);

/// The same for the keys that every bus, sensor and point has.
void general_keys_belong_elsewhere(Section& section);

}  // namespace fieldlink
