#pragma once

#include <map>

#include "config/driver_keys.hpp"
#include "drivers/driver_library.hpp"

namespace fieldlink {

/// Answers the configuration's questions about drivers from the drivers themselves.
class PluginCatalog : public DriverCatalog {
public:
    explicit PluginCatalog(DriverLibrary& library) : library_(library) {}

    const DriverKeys* keys(const std::string& driver, std::string& why_not) override;
    std::vector<std::string> names() override { return library_.names(); }
    void check(const BusConfig& bus, Problems& problems) override;

private:
    DriverLibrary& library_;
    std::map<std::string, DriverKeys> keys_;
};

}  // namespace fieldlink
