#pragma once

#include <deque>
#include <string>
#include <vector>

#include "drivers/driver_abi.h"

namespace fieldlink {

/// A configuration as an operator would write it; every scalar is a text.
struct Written {
    std::string name, text;
};
struct PointText {
    std::string name;
    std::vector<Written> settings;
    bool writable = false;
};
struct SensorText {
    std::string name;
    std::vector<Written> settings;
    std::vector<PointText> points;
    std::uint32_t timeout_ms = 200;
};
struct BusText {
    std::string name;
    std::vector<Written> settings;
    std::vector<SensorText> sensors;
    std::uint32_t timeout_ms = 1'000;
};

/// Turns texts into what the host hands to a driver, by the driver's own key tables. A key that the driver does not
/// have throws std::out_of_range.
class DriverConfig {
public:
    DriverConfig(const fl_driver& driver, const BusText& text);
    DriverConfig(const DriverConfig&) = delete;
    DriverConfig& operator=(const DriverConfig&) = delete;

    const fl_bus_config& bus() const { return bus_; }

private:
    const char* keep(const std::string& text);
    std::vector<fl_setting>& settings_of(const fl_key* keys, const std::vector<Written>& written);
    fl_sensor_config sensor_of(const fl_driver& driver, const SensorText& text);

    std::deque<std::string> strings_;
    std::deque<std::vector<fl_setting>> settings_;
    std::deque<std::vector<fl_point_config>> points_;
    std::vector<fl_sensor_config> sensors_;
    fl_bus_config bus_{};
};

/// What check() reports, as "error plant.boiler.setpoint.holding: TEXT".
std::vector<std::string> problems_of(const fl_driver& driver, const BusText& text);

}  // namespace fieldlink
