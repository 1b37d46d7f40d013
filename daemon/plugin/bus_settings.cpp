#include "daemon/plugin/bus_settings.hpp"

namespace fieldlink {
namespace {

std::uint32_t kind_of(KeyKind kind) {
    switch (kind) {
        case KeyKind::boolean:
            return FL_KEY_BOOLEAN;
        case KeyKind::integer:
            return FL_KEY_INTEGER;
        case KeyKind::number:
            return FL_KEY_NUMBER;
        case KeyKind::choice:
            return FL_KEY_CHOICE;
        case KeyKind::duration:
            return FL_KEY_DURATION;
        case KeyKind::text:
            break;
    }
    return FL_KEY_TEXT;
}

fl_setting convert(const Setting& setting) {
    return {setting.name.c_str(), kind_of(setting.kind), 0, setting.integer, setting.number, setting.text.c_str()};
}

template <class Container>
std::uint32_t count(const Container& container) {
    return static_cast<std::uint32_t>(container.size());
}

}  // namespace

BusSettings::BusSettings(const BusConfig& bus) {
    for (const SensorConfig& sensor : bus.sensors)
        sensors_.push_back(convert(sensor));
    view_.size = sizeof view_;
    view_.name = bus.name.c_str();
    view_.settings = keep(bus.settings);
    view_.setting_count = count(bus.settings);
    view_.sensors = sensors_.data();
    view_.sensor_count = count(sensors_);
    view_.timeout_ms = static_cast<std::uint32_t>(bus.timeout.count());
}

const fl_setting* BusSettings::keep(const std::vector<Setting>& settings) {
    std::vector<fl_setting>& kept = settings_.emplace_back();
    for (const Setting& setting : settings)
        kept.push_back(fieldlink::convert(setting));
    return kept.data();
}

fl_sensor_config BusSettings::convert(const SensorConfig& sensor) {
    std::vector<fl_point_config> points;
    for (const PointConfig& point : sensor.points)
        points.push_back({point.name.c_str(), keep(point.settings), count(point.settings), point.writable ? 1u : 0u});
    points_.push_back(std::move(points));

    fl_sensor_config view{};
    view.name = sensor.name.c_str();
    view.settings = keep(sensor.settings);
    view.setting_count = count(sensor.settings);
    view.timeout_ms = static_cast<std::uint32_t>(sensor.timeout.count());
    view.points = points_.back().data();
    view.point_count = count(points_.back());
    return view;
}

}  // namespace fieldlink
