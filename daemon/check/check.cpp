#include "daemon/check/check.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "config/load.hpp"
#include "config/prediction.hpp"
#include "daemon/plugin/plugin_catalog.hpp"

namespace fieldlink {
namespace {

std::string counted(std::size_t count, const std::string& what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::size_t count(const Problems& problems, Severity severity) {
    return static_cast<std::size_t>(std::count_if(problems.begin(), problems.end(),
                                                  [severity](const Problem& p) { return p.severity == severity; }));
}

void summarize(const Config& config, std::ostream& out) {
    std::size_t sensors = 0, points = 0;
    for (const BusConfig& bus : config.buses) {
        sensors += bus.sensors.size();
        for (const SensorConfig& sensor : bus.sensors)
            points += sensor.points.size();
    }
    const Prediction prediction = predict(config);
    out << "gateway " << config.gateway << ": " << config.buses.size() << (config.buses.size() == 1 ? " bus" : " buses")
        << ", " << counted(sensors, "sensor") << ", " << counted(points, "point") << "; about "
        << std::round(prediction.messages_per_second * 10) / 10 << " messages/s, "
        << std::llround(prediction.messages_per_month) << " a month\n";
}

}  // namespace

std::filesystem::path default_driver_dir() {
    const char* from_environment = std::getenv("FIELDLINK_DRIVER_DIR");
    return from_environment ? from_environment : FIELDLINK_DRIVER_DIR;
}

int run_check(const std::filesystem::path& file, const std::filesystem::path& driver_dir, std::ostream& out) {
    DriverLibrary library(driver_dir);
    PluginCatalog catalog(library);
    const Loaded loaded = load_config(file, catalog);
    for (const Problem& problem : loaded.problems)
        out << to_string(problem) << '\n';
    const std::size_t errors = count(loaded.problems, Severity::error);
    if (errors != 0 || !loaded.config) {
        out << file.string() << ": " << counted(errors, "error")
            << ": nothing was changed; correct them and check again\n";
        return 1;
    }
    summarize(*loaded.config, out);
    out << file.string() << ": ok, " << counted(count(loaded.problems, Severity::warning), "warning") << '\n';
    return 0;
}

}  // namespace fieldlink
