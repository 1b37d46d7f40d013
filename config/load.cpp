#include "config/load.hpp"

#include <array>
#include <cmath>

#include <unistd.h>

#include "config/prediction.hpp"
#include "config/sections/batch_section.hpp"
#include "config/sections/buses_section.hpp"
#include "config/sections/commands_section.hpp"
#include "config/sections/control_section.hpp"
#include "config/sections/cross_checks.hpp"
#include "config/sections/documents.hpp"
#include "config/sections/gateway_section.hpp"
#include "config/sections/later_keys.hpp"
#include "config/sections/outbox_section.hpp"
#include "config/sections/sensors_section.hpp"
#include "config/sections/uplink_section.hpp"
#include "config/yaml/quantity.hpp"
#include "config/yaml/section.hpp"

namespace fieldlink {
namespace {

std::string host_name() {
    std::array<char, 256> name{};
    gethostname(name.data(), name.size() - 1);
    return name.data();
}

/// Everything of the main file but buses and sensors, which may be in drop-ins as well.
void read_main(const Document& document, Config& config, Report& report) {
    Section root(document.field(), report);
    config.gateway = read_gateway(root, host_name(), report);
    config.uplink = read_uplink(root, config.gateway, report);
    config.batch = read_batch(root);
    config.outbox = read_outbox(root, report);
    config.commands = read_commands(root, report);
    config.metrics_listen = read_metrics_listen(root, report);
    config.control = read_control(root, report);
    root.find("buses");
    root.find("sensors");
    root.refuse_unknown_keys();
}

void check_driver_part(const BusDraft& bus, DriverCatalog& drivers, Report& report) {
    Problems problems;
    drivers.check(bus.config, problems);
    report.add(problems);
}

/// Buses that are used, each judged by its driver unless it has errors already.
std::vector<BusConfig> read_field(const Documents& documents, DriverCatalog& drivers, Report& report) {
    std::vector<BusDraft> drafts = read_buses(documents, drivers, report);
    const std::size_t sensors = read_sensors(documents, drafts, report);
    if (documents.complete) {
        const Document& main = documents.main.front();
        if (drafts.empty()) {
            report.error(find_mark(main.root, {"buses"}), "buses",
                         "there is none; write NAME: {driver: modbus, tcp: HOST:502}");
        }
        if (sensors == 0) {
            report.error(find_mark(main.root, {"sensors"}), "sensors",
                         "there is none; write NAME: {bus: NAME, points: {…}}");
        }
    }
    std::vector<BusConfig> buses;
    for (const BusDraft& draft : drafts) {
        if (!draft.keys) continue;
        if (!draft.is_faulty) check_driver_part(draft, drivers, report);
        if (draft.config.sensors.empty()) {
            report.warning(draft.config.mark, "buses." + draft.config.name,
                           "no active sensor is on it; it is not opened");
        } else {
            buses.push_back(draft.config);
        }
    }
    return buses;
}

void warn_of_rate(const Config& config, const YamlNode& root, Report& report) {
    const double predicted = predict(config).messages_per_second;
    if (predicted <= config.uplink.rate.messages / 2) return;
    report.warning(find_mark(root, {"uplink", "rate", "messages"}), "uplink.rate.messages",
                   "about " + format_number(std::round(predicted * 10) / 10) +
                       " messages a second are to be expected, more than half of the " +
                       format_number(config.uplink.rate.messages) +
                       " allowed, so an outage is caught up slowly; raise batch.max_age or the sensors' every");
}

}  // namespace

Loaded load_config(const std::filesystem::path& file, DriverCatalog& drivers) {
    Report report(later_keys());
    const Documents documents = read_documents(file, report);
    Config config;
    for (const Document& main : documents.main)
        read_main(main, config, report);
    for (const Document& drop_in : documents.drop_ins)
        check_drop_in(drop_in, file.string(), report);
    config.buses = read_field(documents, drivers, report);
    for (const Document& main : documents.main) {
        check_across_sections(config, main.root, report);
        if (report.errors() == 0) warn_of_rate(config, main.root, report);
    }
    Loaded loaded{std::nullopt, report.sorted()};
    if (report.errors() == 0) loaded.config = std::move(config);
    return loaded;
}

}  // namespace fieldlink
