#include "config/sections/driver_settings.hpp"

#include <cmath>

#include "config/yaml/printable.hpp"

namespace fieldlink {
namespace {

/// The bounds of a key in the type in which its values are compared.
Bounds<std::int64_t> whole_bounds(const DriverKey& key) {
    return {static_cast<std::int64_t>(std::ceil(key.min)), static_cast<std::int64_t>(std::floor(key.max))};
}

Bounds<milliseconds> duration_bounds(const DriverKey& key) {
    const Bounds<std::int64_t> bounds = whole_bounds(key);
    return {milliseconds(bounds.least), milliseconds(bounds.most)};
}

bool read_value(const Field& field, const DriverKey& key, Setting& setting, Report& report) {
    switch (key.kind) {
        case KeyKind::boolean: {
            const auto value = read_boolean(field, report);
            setting.integer = value.value_or(false) ? 1 : 0;
            return value.has_value();
        }
        case KeyKind::integer: {
            const auto value = read_whole(field, whole_bounds(key), report);
            setting.integer = value.value_or(0);
            setting.number = static_cast<double>(setting.integer);
            return value.has_value();
        }
        case KeyKind::number: {
            const auto value = read_number(field, {key.min, key.max}, report);
            setting.number = value.value_or(0);
            return value.has_value();
        }
        case KeyKind::text:
            return read_text(field, report).has_value();
        case KeyKind::choice:
            return read_word(field, key.choices, report).has_value();
        case KeyKind::duration: {
            const auto value = read_duration(field, duration_bounds(key), report);
            setting.integer = value.value_or(milliseconds(0)).count();
            return value.has_value();
        }
    }
    return false;
}

std::string example_of(const DriverKey& key) {
    std::string advice = key.name + ": ";
    if (key.kind == KeyKind::choice) {
        advice += "with one of " + joined(key.choices);
    } else {
        advice += "VALUE";
    }
    return key.help.empty() ? advice : advice + " (" + printable(key.help) + ")";
}

}  // namespace

std::vector<Setting> read_settings(Section& section, const std::vector<DriverKey>& keys, Report& report) {
    std::vector<Setting> settings;
    for (const DriverKey& key : keys) {
        const auto field = key.required ? section.require(key.name, example_of(key)) : section.find(key.name);
        if (!field) continue;
        Setting setting{key.name, key.kind, 0, 0, field->node->text, field->mark()};
        if (read_value(*field, key, setting, report)) settings.push_back(setting);
    }
    return settings;
}

void belong_elsewhere(Section& section, const std::vector<DriverKey>& keys, const std::string& where) {
    for (const DriverKey& key : keys)
        section.belongs_elsewhere(key.name, where);
}

void general_keys_belong_elsewhere(Section& section) {
    for (const char* const key : {"driver", "isolate"})
        section.belongs_elsewhere(key, "the bus");
    for (const char* const key : {"bus", "report", "device", "setup", "calibrate", "points", "every"}) {
        section.belongs_elsewhere(key, "the sensor");
    }
    for (const char* const key : {"scale", "offset", "writable", "min", "max", "error_value"}) {
        section.belongs_elsewhere(key, "the point");
    }
}

}  // namespace fieldlink
