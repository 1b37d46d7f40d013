#pragma once

#include <string>
#include <vector>

#include "config/driver_keys.hpp"

namespace fieldlink {

/// Answers as the daemon would with modbus.so and simulated.so in its driver directory: the keys are theirs, the
/// meaning is not checked. `broken.so` is there too, but cannot be loaded.
class FakeDrivers : public DriverCatalog {
public:
    const DriverKeys* keys(const std::string& driver, std::string& why_not) override;
    std::vector<std::string> names() override { return {"broken", "modbus", "simulated"}; }
    void check(const BusConfig& bus, Problems& problems) override;

    std::vector<std::string> checked;  ///< buses that were given to check()
    std::string complaint;             ///< an error that check() reports about every bus, empty: none
};

}  // namespace fieldlink
