#pragma once

#include <vector>

#include "config/config.hpp"
#include "drivers/driver_abi.h"

namespace fieldlink {

/// One bus of the configuration in the form of the driver boundary: a view whose texts belong to `bus`, which must
/// outlive it.
class BusSettings {
public:
    explicit BusSettings(const BusConfig& bus);
    BusSettings(const BusSettings&) = delete;
    BusSettings& operator=(const BusSettings&) = delete;

    const fl_bus_config& view() const { return view_; }

private:
    const fl_setting* keep(const std::vector<Setting>& settings);
    fl_sensor_config convert(const SensorConfig& sensor);

    // Vectors of vectors: the inner arrays keep their addresses while the outer ones grow.
    std::vector<std::vector<fl_setting>> settings_;
    std::vector<std::vector<fl_point_config>> points_;
    std::vector<fl_sensor_config> sensors_;
    fl_bus_config view_{};
};

}  // namespace fieldlink
