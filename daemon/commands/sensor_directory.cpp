#include "daemon/commands/sensor_directory.hpp"

#include <algorithm>
#include <numeric>

namespace fieldlink {

SensorDirectory::SensorDirectory(const Config& config) {
    for (std::size_t bus = 0; bus < config.buses.size(); ++bus) {
        const auto& sensors = config.buses[bus].sensors;
        for (std::size_t index = 0; index < sensors.size(); ++index)
            sensors_[sensors[index].name] = {bus, index, {sensors[index].points.begin(), sensors[index].points.end()}};
    }
}

const SensorDirectory::Sensor* SensorDirectory::find(const Command& command, std::string& why_not) const {
    const auto found = sensors_.find(command.sensor);
    if (found != sensors_.end()) return &found->second;
    why_not = command.sensor.empty() ? "sensor is missing" : "there is no sensor " + command.sensor;
    return nullptr;
}

std::optional<std::uint32_t> SensorDirectory::find(const Sensor& sensor, const std::string& point,
                                                   std::string& why_not) {
    const auto found = std::find_if(sensor.points.begin(), sensor.points.end(),
                                    [&point](const PointCodec& codec) { return codec.name() == point; });
    if (found != sensor.points.end()) return static_cast<std::uint32_t>(found - sensor.points.begin());
    why_not = point.empty() ? "point is missing" : "the sensor has no point " + point;
    return std::nullopt;
}

std::optional<Addressed> SensorDirectory::read(const Command& command, std::string& why_not) const {
    const Sensor* sensor = find(command, why_not);
    if (!sensor) return std::nullopt;
    Addressed addressed{sensor->bus, {}};
    addressed.command.sensor = sensor->index;
    if (command.point.empty()) {
        addressed.command.points.resize(sensor->points.size());
        std::iota(addressed.command.points.begin(), addressed.command.points.end(), 0u);
        return addressed;
    }
    const auto point = find(*sensor, command.point, why_not);
    if (!point) return std::nullopt;
    addressed.command.points = {*point};
    return addressed;
}

std::optional<Addressed> SensorDirectory::write(const Command& command, std::string& why_not) const {
    const Sensor* sensor = find(command, why_not);
    if (!sensor) return std::nullopt;
    if (command.values.empty()) {
        why_not = "value is missing";
        return std::nullopt;
    }
    Addressed addressed{sensor->bus, {}};
    addressed.command.kind = BusCommand::Kind::write;
    addressed.command.sensor = sensor->index;
    for (const auto& [point, value] : command.values)
        if (!add_write(*sensor, point, value, addressed.command, why_not)) return std::nullopt;
    std::sort(addressed.command.points.begin(), addressed.command.points.end());
    return addressed;
}

std::optional<Addressed> SensorDirectory::poll(const Command& command, std::string& why_not) const {
    if (!command.point.empty()) {
        why_not = "a poll is of a whole sensor; leave point out, or use read";
        return std::nullopt;
    }
    auto addressed = read(command, why_not);
    if (addressed) addressed->command.kind = BusCommand::Kind::poll;
    return addressed;
}

bool SensorDirectory::add_write(const Sensor& sensor, const std::string& point, const std::string& value,
                                BusCommand& command, std::string& why_not) {
    const auto index = find(sensor, point, why_not);
    if (!index) return false;
    const PointCodec& codec = sensor.points[*index];
    if (!codec.writable()) {
        why_not = point + " is not writable: true in the configuration";
        return false;
    }
    if (std::count(command.points.begin(), command.points.end(), *index) > 0) {
        why_not = point + " is named twice";
        return false;
    }
    const auto raw = codec.encode(value, why_not);
    if (!raw) return false;
    command.points.push_back(*index);
    command.writes.push_back({*index, 0, *raw});
    return true;
}

}  // namespace fieldlink
