#include "config/sections/point_section.hpp"

#include <limits>

#include "config/sections/documents.hpp"
#include "config/sections/driver_settings.hpp"

namespace fieldlink {
namespace {

using namespace std::chrono_literals;

constexpr Bounds<double> kAnyNumber{std::numeric_limits<double>::lowest(), std::numeric_limits<double>::max()};
constexpr std::size_t kLongestUnit = 32;

std::optional<double> read_any_number(Section& section, const std::string& key, Report& report) {
    const auto field = section.find(key);
    return field ? read_number(*field, kAnyNumber, report) : std::nullopt;
}

void read_conversion(Section& section, PointConfig& point, Report& report) {
    section.text("unit", point.unit);
    if (point.unit.size() > kLongestUnit) {
        report.error(*section.find("unit"), "is longer than a unit of measurement; write at most 32 bytes");
    }
    const auto scale = section.find("scale");
    if (scale) point.scale = read_decimal(*scale, report);
    const auto offset = section.find("offset");
    if (offset) point.offset = read_decimal(*offset, report);
    if (point.scale && point.scale->mantissa == 0) {
        report.error(*scale, "0 makes every value the same; write what one step of the device is worth, e.g. 0.1");
    }
}

void read_limits(Section& section, PointConfig& point, Report& report) {
    section.boolean("writable", point.writable);
    if (const auto writable = section.find("writable")) point.writable_mark = writable->mark();
    point.min = read_any_number(section, "min", report);
    point.max = read_any_number(section, "max", report);
    if (point.min && point.max && *point.min > *point.max) {
        report.error(*section.find("min"), "is greater than max, so nothing could be written; swap the two");
    }
    if (point.writable) return;
    for (const char* const key : {"min", "max"}) {
        const auto field = section.find(key);
        if (field)
            report.warning(*field, "limits what may be written, and nothing may; write writable: true beside it");
    }
}

}  // namespace

PointConfig read_point(const std::string& name, const Field& field, const DriverKeys* keys, Report& report) {
    PointConfig point;
    point.name = name;
    point.mark = field.key;
    check_name(field, name, true, report);
    Section section(field, report);
    read_conversion(section, point, report);
    read_limits(section, point, report);
    point.error_value = read_any_number(section, "error_value", report);
    if (point.error_value) report.given(*section.find("error_value"));
    const auto every = section.find("every");
    if (every) point.every = read_duration(*every, {10ms, 24h}, report);
    if (point.every) report.given(*every);
    if (keys) {
        point.settings = read_settings(section, keys->point, report);
        section.belongs_elsewhere("timeout", "the sensor or its bus");
        general_keys_belong_elsewhere(section);
        belong_elsewhere(section, keys->sensor, "the sensor");
        belong_elsewhere(section, keys->bus, "the bus");
        section.refuse_unknown_keys();
    }
    return point;
}

}  // namespace fieldlink
