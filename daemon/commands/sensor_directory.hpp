#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "daemon/commands/command.hpp"
#include "daemon/polling/bus_command.hpp"
#include "daemon/values/point_codec.hpp"

namespace fieldlink {

/// A command in the terms of one bus.
struct Addressed {
    std::size_t bus = 0;
    BusCommand command;
};

/// Finds the sensors and points that commands name, and checks what is to be written against their limits.
class SensorDirectory {
public:
    explicit SensorDirectory(const Config& config);

    /// Absent if the command cannot be carried out as it is; `why_not` then says why. A write is all or nothing: one
    /// value out of its limits refuses all.
    std::optional<Addressed> read(const Command& command, std::string& why_not) const;
    std::optional<Addressed> write(const Command& command, std::string& why_not) const;
    std::optional<Addressed> poll(const Command& command, std::string& why_not) const;

private:
    struct Sensor {
        std::size_t bus = 0, index = 0;
        std::vector<PointCodec> points;
    };

    const Sensor* find(const Command& command, std::string& why_not) const;
    static std::optional<std::uint32_t> find(const Sensor& sensor, const std::string& point, std::string& why_not);
    static bool add_write(const Sensor& sensor, const std::string& point, const std::string& value, BusCommand& command,
                          std::string& why_not);

    std::map<std::string, Sensor> sensors_;
};

}  // namespace fieldlink
