#include "config/sections/buses_section.hpp"

#include <algorithm>

#include "config/sections/driver_settings.hpp"
#include "config/sections/later_keys.hpp"
#include "config/yaml/did_you_mean.hpp"
#include "config/yaml/printable.hpp"
#include "config/yaml/section.hpp"

namespace fieldlink {
namespace {

using namespace std::chrono_literals;

bool contains(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

void report_unusable(const Field& driver, const std::string& why_not, DriverCatalog& drivers, BusDraft& bus,
                     Report& report) {
    const std::string& name = bus.config.driver;
    const std::vector<std::string> there = drivers.names();
    if (contains(there, name)) {
        report.error(driver, "the driver " + in_quotes(name) + " cannot be used: " + why_not);
    } else if (contains(later_drivers(), name)) {
        bus.is_later = true;
        report.warning(driver, "not active yet: the driver " + in_quotes(name) +
                                   " is not built; this bus and its sensors are skipped");
    } else if (there.empty()) {
        report.error(driver, "there is no driver " + in_quotes(name) + ": " + why_not);
    } else {
        report.error(driver, "there is no driver " + in_quotes(name) + did_you_mean(name, there));
    }
}

void read_driver(Section& section, DriverCatalog& drivers, BusDraft& bus, Report& report) {
    const auto field = section.require("driver", "driver: NAME, one of " + joined(drivers.names()));
    const auto name = field ? read_text(*field, report) : std::nullopt;
    if (!name) return;
    bus.config.driver = *name;
    std::string why_not;
    bus.keys = drivers.keys(*name, why_not);
    if (!bus.keys) report_unusable(*field, why_not, drivers, bus, report);
}

BusDraft read_bus(const Named& named, DriverCatalog& drivers, Report& report) {
    BusDraft bus;
    const std::size_t errors_before = report.errors();
    bus.config.name = named.name;
    bus.config.mark = named.field.key;
    check_name(named.field, named.name, true, report);
    Section section(named.field, report);
    read_driver(section, drivers, bus, report);
    section.duration("timeout", bus.config.timeout, {1ms, 60s});
    section.boolean("isolate", bus.config.isolate);
    if (bus.keys) {
        bus.config.settings = read_settings(section, bus.keys->bus, report);
        general_keys_belong_elsewhere(section);
        belong_elsewhere(section, bus.keys->sensor, "the sensor");
        belong_elsewhere(section, bus.keys->point, "the point");
        section.refuse_unknown_keys();
    }
    bus.is_faulty = report.errors() > errors_before;
    return bus;
}

}  // namespace

std::vector<BusDraft> read_buses(const Documents& documents, DriverCatalog& drivers, Report& report) {
    std::vector<BusDraft> buses;
    for (const Named& named : named_entries(documents, "buses", report)) {
        buses.push_back(read_bus(named, drivers, report));
    }
    return buses;
}

}  // namespace fieldlink
