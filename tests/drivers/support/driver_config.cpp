#include "support/driver_config.hpp"

#include <stdexcept>

namespace fieldlink {
namespace {

const fl_key& key_of(const fl_key* keys, const std::string& name) {
    for (; keys->name != nullptr; ++keys) {
        if (name == keys->name) return *keys;
    }
    throw std::out_of_range("the driver has no key " + name);
}

void fill_in(fl_setting& setting, const std::string& text) {
    if (setting.kind == FL_KEY_BOOLEAN) setting.integer = text == "true";
    if (setting.kind == FL_KEY_INTEGER) setting.integer = std::stoll(text, nullptr, 0);
    if (setting.kind == FL_KEY_DURATION) setting.integer = std::stoll(text);
    if (setting.kind == FL_KEY_NUMBER) setting.number = std::stod(text);
}

struct Collected {
    const fl_bus_config& bus;
    std::vector<std::string> problems;
};

void collect(void* context, std::uint32_t severity, const fl_place* place, const char* text) {
    auto& collected = *static_cast<Collected*>(context);
    std::string where = collected.bus.name;
    if (place->sensor != FL_NO_INDEX) {
        const fl_sensor_config& sensor = collected.bus.sensors[place->sensor];
        where += std::string(".") + sensor.name;
        if (place->point != FL_NO_INDEX) where += std::string(".") + sensor.points[place->point].name;
    }
    if (place->key != nullptr) where += std::string(".") + place->key;
    collected.problems.push_back((severity == FL_ERROR ? "error " : "warning ") + where + ": " + text);
}

}  // namespace

DriverConfig::DriverConfig(const fl_driver& driver, const BusText& text) {
    for (const SensorText& sensor : text.sensors)
        sensors_.push_back(sensor_of(driver, sensor));
    const auto& settings = settings_of(driver.bus_keys, text.settings);
    bus_.size = sizeof bus_;
    bus_.name = keep(text.name);
    bus_.settings = settings.data();
    bus_.setting_count = static_cast<std::uint32_t>(settings.size());
    bus_.sensors = sensors_.data();
    bus_.sensor_count = static_cast<std::uint32_t>(sensors_.size());
    bus_.timeout_ms = text.timeout_ms;
}

const char* DriverConfig::keep(const std::string& text) {
    return strings_.emplace_back(text).c_str();
}

std::vector<fl_setting>& DriverConfig::settings_of(const fl_key* keys, const std::vector<Written>& written) {
    std::vector<fl_setting>& settings = settings_.emplace_back();
    for (const Written& entry : written) {
        fl_setting setting{};
        setting.name = keep(entry.name);
        setting.kind = key_of(keys, entry.name).kind;
        setting.text = keep(entry.text);
        fill_in(setting, entry.text);
        settings.push_back(setting);
    }
    return settings;
}

fl_sensor_config DriverConfig::sensor_of(const fl_driver& driver, const SensorText& text) {
    std::vector<fl_point_config>& points = points_.emplace_back();
    for (const PointText& point : text.points) {
        const auto& settings = settings_of(driver.point_keys, point.settings);
        points.push_back(
            {keep(point.name), settings.data(), static_cast<std::uint32_t>(settings.size()), point.writable ? 1u : 0u});
    }
    const auto& settings = settings_of(driver.sensor_keys, text.settings);
    return {keep(text.name),
            settings.data(),
            static_cast<std::uint32_t>(settings.size()),
            text.timeout_ms,
            points.data(),
            static_cast<std::uint32_t>(points.size()),
            0};
}

std::vector<std::string> problems_of(const fl_driver& driver, const BusText& text) {
    const DriverConfig config(driver, text);
    Collected collected{config.bus(), {}};
    const fl_reporter reporter{sizeof reporter, 0, &collected, collect};
    driver.check(&config.bus(), &reporter);
    return collected.problems;
}

}  // namespace fieldlink
