#include "daemon/plugin/plugin_catalog.hpp"

#include <algorithm>
#include <sstream>

#include "daemon/plugin/bus_settings.hpp"

namespace fieldlink {
namespace {

KeyKind kind_of(std::uint32_t kind) {
    switch (kind) {
        case FL_KEY_BOOLEAN:
            return KeyKind::boolean;
        case FL_KEY_INTEGER:
            return KeyKind::integer;
        case FL_KEY_NUMBER:
            return KeyKind::number;
        case FL_KEY_CHOICE:
            return KeyKind::choice;
        case FL_KEY_DURATION:
            return KeyKind::duration;
        default:
            return KeyKind::text;
    }
}

std::vector<std::string> words_of(const char* text) {
    std::istringstream words(text ? text : "");
    std::vector<std::string> all;
    for (std::string word; words >> word;)
        all.push_back(word);
    return all;
}

std::vector<DriverKey> convert(const fl_key* table) {
    std::vector<DriverKey> keys;
    for (const fl_key* key = table; key && key->name; ++key)
        keys.push_back({key->name, kind_of(key->kind), key->required != 0, key->min, key->max, words_of(key->choices),
                        key->help ? key->help : ""});
    return keys;
}

const Mark& mark_of(const std::vector<Setting>& settings, const std::string& key, const Mark& whole) {
    const auto found =
        std::find_if(settings.begin(), settings.end(), [&key](const Setting& s) { return s.name == key; });
    return found == settings.end() ? whole : found->mark;
}

struct Where {
    std::string path;
    Mark mark;
};

/// Turns a driver's place into file, line, column and a dotted path. Indexes come from a plugin: they are checked.
class Reporter {
public:
    Reporter(const BusConfig& bus, Problems& problems) : bus_(bus), problems_(problems) {}

    static void problem(void* context, std::uint32_t severity, const fl_place* place, const char* text) {
        static_cast<Reporter*>(context)->report(severity == FL_WARNING ? Severity::warning : Severity::error, *place,
                                                text);
    }

private:
    void report(Severity severity, const fl_place& place, const std::string& text) {
        Where where = locate(place);
        if (place.key) where.path += std::string(".") + place.key;
        problems_.push_back({severity, where.mark, where.path + ": " + text});
    }

    Where locate(const fl_place& place) const {
        const std::string key = place.key ? place.key : "";
        if (place.sensor >= bus_.sensors.size()) return {"buses." + bus_.name, mark_of(bus_.settings, key, bus_.mark)};
        const SensorConfig& sensor = bus_.sensors[place.sensor];
        const std::string path = "sensors." + sensor.name;
        if (place.point >= sensor.points.size()) return {path, mark_of(sensor.settings, key, sensor.mark)};
        const PointConfig& point = sensor.points[place.point];
        // The one key of the host's that a driver may find wrong: what it means depends on the driver.
        const bool writable = key == "writable" && point.writable_mark.line != 0;
        return {path + ".points." + point.name,
                writable ? point.writable_mark : mark_of(point.settings, key, point.mark)};
    }

    const BusConfig& bus_;
    Problems& problems_;
};

}  // namespace

const DriverKeys* PluginCatalog::keys(const std::string& driver, std::string& why_not) {
    const auto known = keys_.find(driver);
    if (known != keys_.end()) return &known->second;
    try {
        const fl_driver& table = library_.load(driver);
        DriverKeys keys{convert(table.bus_keys), convert(table.sensor_keys), convert(table.point_keys)};
        return &keys_.emplace(driver, std::move(keys)).first->second;
    } catch (const DriverError& error) {
        why_not = error.what();
        return nullptr;
    }
}

void PluginCatalog::check(const BusConfig& bus, Problems& problems) {
    const BusSettings settings(bus);
    Reporter reporter(bus, problems);
    const fl_reporter callbacks{sizeof(fl_reporter), 0, &reporter, &Reporter::problem};
    library_.load(bus.driver).check(&settings.view(), &callbacks);
}

}  // namespace fieldlink
