#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/driver_abi.h"

namespace fieldlink {

/// A command as it reaches a bus: checked against the configuration, sensors and points as indexes.
struct BusCommand {
    enum class Kind { read, write, poll };
    Kind kind = Kind::read;
    std::size_t sensor = 0;             ///< in the bus's sensors
    std::vector<std::uint32_t> points;  ///< to read, or to read back after writing; ascending. Of poll: all are
    std::vector<fl_write> writes;
    std::optional<std::chrono::milliseconds> expires;  ///< boot clock: later than this it must not touch the device
};

/// What came of it.
struct BusAnswer {
    enum class Status { done, failed, expired };
    Status status = Status::done;
    std::string values;   ///< JSON object of what the device holds; empty if it could not be read
    std::string value;    ///< the same for a single point: its value alone
    std::string message;  ///< why it failed
};

}  // namespace fieldlink
