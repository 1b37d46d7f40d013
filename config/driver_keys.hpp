#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"

namespace fieldlink {

/// One key that a driver understands, as the configuration needs to know it.
struct DriverKey {
    std::string name;
    KeyKind kind = KeyKind::text;
    bool required = false;
    double min = 0, max = 0;           ///< integer, number, duration (ms)
    std::vector<std::string> choices;  ///< choice
    std::string help;
};

/// The keys of one driver: in its buses, its sensors and their points.
struct DriverKeys {
    std::vector<DriverKey> bus, sensor, point;
};

/// What load_config() asks of whoever can load drivers. The daemon answers from the driver directory; tests answer
/// from a table, so that config/ needs no driver.
class DriverCatalog {
public:
    virtual ~DriverCatalog() = default;

    /// The keys of `driver`, or nullptr if there is none of that name; `why_not` then says why in one line.
    virtual const DriverKeys* keys(const std::string& driver, std::string& why_not) = 0;

    /// Names of the drivers that are there, for suggestions.
    virtual std::vector<std::string> names() = 0;

    /// Lets the driver check the meaning of a bus and its sensors, whose keys are known to be well-formed.
    virtual void check(const BusConfig& bus, Problems& problems) = 0;
};

}  // namespace fieldlink
