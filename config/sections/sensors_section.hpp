#pragma once

#include <vector>

#include "config/sections/buses_section.hpp"

namespace fieldlink {

/// Reads all sensors and puts each on its bus. Returns how many are written, skipped and wrong ones included.
std::size_t read_sensors(const Documents& documents, std::vector<BusDraft>& buses, Report& report);

}  // namespace fieldlink
