#pragma once

#include <vector>

#include "config/config.hpp"
#include "config/driver_keys.hpp"
#include "config/sections/documents.hpp"

namespace fieldlink {

/// A bus while the sensors are still being read.
struct BusDraft {
    BusConfig config;
    const DriverKeys* keys = nullptr;  ///< null: its driver cannot be used, so its keys and sensors cannot be judged
    bool is_faulty = false;            ///< it or one of its sensors has an error
    bool is_later = false;             ///< its driver comes with a later version; it is skipped with its sensors
};

/// Reads all buses. Those with errors are there too, so that a sensor's `bus:` finds them.
std::vector<BusDraft> read_buses(const Documents& documents, DriverCatalog& drivers, Report& report);

}  // namespace fieldlink
