#include "config/sections/sensors_section.hpp"

#include <algorithm>
#include <limits>

#include "config/sections/driver_settings.hpp"
#include "config/sections/names.hpp"
#include "config/sections/point_section.hpp"
#include "config/yaml/did_you_mean.hpp"
#include "config/yaml/printable.hpp"

namespace fieldlink {
namespace {

using namespace std::chrono_literals;

constexpr const char* kPointsAdvice = "points: {NAME: {…}} with one line for each quantity to read";

/// What becomes of a sensor, beside its configuration.
struct SensorDraft {
    SensorConfig config;
    bool has_timeout = false;
    bool is_skipped = false;
};

/// Reads one sensor at a time; `buses` are those it may be on.
class SensorReader {
public:
    SensorReader(std::vector<BusDraft>& buses, bool all_buses_known, Report& report)
        : buses_(buses), all_buses_known_(all_buses_known), report_(report) {}

    void read(const Named& named) {
        const std::size_t errors_before = report_.errors();
        SensorDraft sensor;
        sensor.config.name = named.name;
        sensor.config.mark = named.field.key;
        check_name(named.field, named.name, false, report_);
        Section section(named.field, report_);
        BusDraft* const bus = find_bus(section, sensor);
        read_general(section, sensor);
        read_device(section, sensor);
        read_driver_part(section, bus, sensor);
        if (!bus) return;
        if (report_.errors() > errors_before) bus->is_faulty = true;
        if (!sensor.has_timeout) sensor.config.timeout = bus->config.timeout;
        if (!sensor.is_skipped) bus->config.sensors.push_back(sensor.config);
    }

private:
    BusDraft* find_bus(Section& section, SensorDraft& sensor) {
        const auto field = section.require("bus", "bus: NAME, one of those under buses:");
        const auto name = field ? read_text(*field, report_) : std::nullopt;
        if (!name) return nullptr;
        sensor.config.bus = *name;
        const auto bus = std::find_if(buses_.begin(), buses_.end(),
                                      [&name](const BusDraft& each) { return each.config.name == *name; });
        if (bus == buses_.end()) {
            report_missing_bus(*field, *name);
            return nullptr;
        }
        if (bus->is_later) {
            sensor.is_skipped = true;
            report_.warning(*field,
                            "not active yet: its bus " + in_quotes(*name) + " is skipped, and so is this sensor");
        }
        return &*bus;
    }

    void report_missing_bus(const Field& field, const std::string& name) {
        if (!all_buses_known_) return;
        std::vector<std::string> names;
        for (const BusDraft& bus : buses_)
            names.push_back(bus.config.name);
        const std::string advice = names.empty() ? "; define it under buses:" : did_you_mean(name, names);
        report_.error(field, "there is no bus " + in_quotes(name) + advice);
    }

    void read_general(Section& section, SensorDraft& sensor) {
        section.duration("every", sensor.config.every, {10ms, 24h * 365});
        sensor.has_timeout = section.find("timeout").has_value();
        section.duration("timeout", sensor.config.timeout, {1ms, 60s});
        read_report(section, sensor.config.report);
        for (const char* const key : {"setup", "calibrate"}) {
            const auto field = section.find(key);
            if (!field) continue;
            const bool has_parts = !field->node->entries.empty() || !field->node->items.empty();
            if (has_parts) {
                report_.given(*field);
            } else {
                report_.error(*field, "must be a list or hold keys; write what to do, or remove it");
            }
        }
    }

    void read_report(Section& sensor, ReportConfig& config) {
        auto section = sensor.section("report");
        if (!section) return;
        const auto deadband = section->find("deadband");
        if (deadband) config.deadband = read_number(*deadband, {0, std::numeric_limits<double>::max()}, report_);
        if (config.deadband) report_.given(*deadband);
        section->duration("max_silence", config.max_silence, {10ms, 24h * 365});
        section->refuse_unknown_keys();
    }

    void read_device(Section& section, SensorDraft& sensor) {
        const auto field = section.find("device");
        const auto name = field ? read_text(*field, report_) : std::nullopt;
        if (!name) return;
        if (!is_name(*name)) {
            report_.error(*field, in_quotes(*name) + " cannot be a template's name; write " + kNameRule);
            return;
        }
        sensor.config.device = *name;
        if (!sensor.is_skipped) report_.given(*field);
        sensor.is_skipped = true;
    }

    /// The points, and what belongs to the driver. Of a sensor that is skipped or whose bus is not known, only what
    /// every sensor has can be judged.
    void read_driver_part(Section& section, const BusDraft* bus, SensorDraft& sensor) {
        const DriverKeys* const keys = bus && !sensor.is_skipped ? bus->keys : nullptr;
        const bool needs_points = !sensor.is_skipped;
        const auto points = needs_points ? section.require("points", kPointsAdvice) : section.find("points");
        if (points) read_points(*points, keys, sensor.config.points, needs_points);
        if (!keys) return;
        sensor.config.settings = read_settings(section, keys->sensor, report_);
        general_keys_belong_elsewhere(section);
        belong_elsewhere(section, keys->bus, "the bus");
        belong_elsewhere(section, keys->point, "the point");
        section.refuse_unknown_keys();
    }

    void read_points(const Field& field, const DriverKeys* keys, std::vector<PointConfig>& points, bool needed) {
        Section names(field, report_);
        if (needed && names.is_mapping() && field.node->entries.empty()) {
            report_.error(field, std::string("holds no point; write ") + kPointsAdvice);
        }
        for (const YamlEntry& entry : field.node->entries) {
            points.push_back(read_point(entry.key, named_field(field, entry), keys, report_));
        }
    }

    std::vector<BusDraft>& buses_;
    bool all_buses_known_;
    Report& report_;
};

}  // namespace

std::size_t read_sensors(const Documents& documents, std::vector<BusDraft>& buses, Report& report) {
    SensorReader reader(buses, documents.complete, report);
    const std::vector<Named> sensors = named_entries(documents, "sensors", report);
    for (const Named& named : sensors)
        reader.read(named);
    return sensors.size();
}

}  // namespace fieldlink
