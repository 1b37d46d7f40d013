#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/plugin/bus_settings.hpp"

namespace fieldlink {

/// A driver's instance for one bus, closed and destroyed with this object.
///
/// [bus thread] only, from the constructor to the destructor. `config` and the driver outlive it.
class DriverBus {
public:
    /// What a call did not achieve, and why.
    struct Failure {
        fl_status status = FL_OK;
        std::uint32_t code = FL_CODE_NONE;
        std::string message;

        explicit operator bool() const { return status != FL_OK; }
    };

    /// Throws std::runtime_error if the driver refuses the configuration.
    DriverBus(const fl_driver& driver, const BusConfig& config);
    ~DriverBus();
    DriverBus(const DriverBus&) = delete;
    DriverBus& operator=(const DriverBus&) = delete;

    Failure open();
    void close();
    bool is_open() const { return open_; }

    /// values[i] belongs to points[i]; `values` is made as long as `points`.
    Failure poll(std::size_t sensor, const std::vector<std::uint32_t>& points, std::vector<fl_value>& values);

    Failure write(std::size_t sensor, const std::vector<fl_write>& writes);

private:
    static void log(void* context, std::uint32_t level, const char* text);

    const fl_driver& driver_;
    const BusConfig& config_;
    BusSettings settings_;
    fl_host host_;
    fl_bus* bus_ = nullptr;
    bool open_ = false;
};

}  // namespace fieldlink
