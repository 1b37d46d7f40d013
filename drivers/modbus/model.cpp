#include "drivers/modbus/model.hpp"

#include <algorithm>
#include <numeric>

namespace fieldlink {
namespace {

unsigned read_unit(const Settings& settings, const fl_place& place, bool tcp, Reporter reporter) {
    const auto unit = static_cast<unsigned>(settings.integer("unit", 1));
    const bool device_itself = unit == 255 && tcp;
    if (unit == 0)
        reporter.warning(place, "unit 0 writes to all devices at once: not active yet, and nobody answers to it");
    else if (unit > 247 && !device_itself)
        reporter.error(place, "unit " + std::to_string(unit) + " does not exist; units are 1 to 247" +
                                  (tcp ? ", and 255 for a device on TCP itself" : ""));
    return unit;
}

/// The same range under two names is fine (bit fields), half of a value is not.
void check_overlaps(const std::vector<ModbusPoint>& points, std::uint32_t sensor, Reporter reporter) {
    std::vector<std::uint32_t> order(points.size());
    std::iota(order.begin(), order.end(), 0u);
    const auto begins_before = [&](auto a, auto b) { return points[a].range.address < points[b].range.address; };
    std::stable_sort(order.begin(), order.end(), begins_before);

    std::vector<const ModbusPoint*> furthest(4, nullptr);
    for (const std::uint32_t index : order) {
        const ModbusPoint& point = points[index];
        if (point.range.count == 0) continue;
        const ModbusPoint*& before = furthest[static_cast<std::size_t>(point.range.table)];
        if (before && point.range.address < before->range.end() && !(point.range == before->range))
            reporter.error(at_point(sensor, index), to_string(point.range) + " overlaps with " +
                                                        to_string(before->range) + " of \"" + before->name +
                                                        "\"; correct the address or the type of one of them");
        if (!before || point.range.end() > before->range.end()) before = &point;
    }
}

ModbusSensor read_sensor(const fl_bus_config& bus, std::uint32_t index, bool tcp, Reporter reporter) {
    const fl_sensor_config& config = bus.sensors[index];
    const Settings settings(config);
    ModbusSensor sensor;
    sensor.name = config.name;
    sensor.unit = read_unit(settings, at_sensor(index, "unit"), tcp, reporter);
    sensor.timeout = std::chrono::milliseconds(config.timeout_ms);
    const std::int64_t bus_hole = Settings(bus).integer("max_hole", 0);
    sensor.max_hole = static_cast<unsigned>(settings.integer("max_hole", bus_hole));
    for (std::uint32_t i = 0; i < config.point_count; ++i)
        sensor.points.push_back(read_point(config.points[i], at_point(index, i), reporter));
    check_overlaps(sensor.points, index, reporter);
    return sensor;
}

}  // namespace

std::string to_string(const Range& range) {
    const std::string first = std::string(to_string(range.table)) + " " + std::to_string(range.address);
    return range.count == 1 ? first : first + "-" + std::to_string(range.end() - 1);
}

ModbusBus read_bus(const fl_bus_config& config, Reporter reporter) {
    ModbusBus bus;
    bus.settings = read_bus_settings(config, reporter);
    for (std::uint32_t i = 0; i < config.sensor_count; ++i)
        bus.sensors.push_back(read_sensor(config, i, bus.settings.tcp.has_value(), reporter));
    return bus;
}

}  // namespace fieldlink
