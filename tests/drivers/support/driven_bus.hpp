#pragma once

#include <string>
#include <vector>

#include "drivers/driver_library.hpp"
#include "support/driver_config.hpp"

namespace fieldlink {

/// A driver of the build tree, through the real loader.
const fl_driver& built_driver(const std::string& name);

/// What a call gave.
struct Called {
    fl_status status = FL_OK;
    std::uint32_t code = FL_CODE_NONE;
    std::string message;
    std::vector<fl_value> values;

    /// The values as texts: "21", "true", "error 3" (the code).
    std::vector<std::string> shown() const;
};

/// A bus of a driver, called as the host would.
class DrivenBus {
public:
    DrivenBus(const fl_driver& driver, const BusText& text);
    ~DrivenBus();
    DrivenBus(const DrivenBus&) = delete;
    DrivenBus& operator=(const DrivenBus&) = delete;

    Called open();
    void close() { driver_.close(bus_); }

    /// Polls all points of a sensor.
    Called poll(std::uint32_t sensor);
    Called poll(std::uint32_t sensor, const std::vector<std::uint32_t>& points);
    Called write(std::uint32_t sensor, const std::vector<fl_write>& writes);

private:
    const fl_driver& driver_;
    DriverConfig config_;
    fl_host host_;
    fl_bus* bus_ = nullptr;
};

}  // namespace fieldlink
