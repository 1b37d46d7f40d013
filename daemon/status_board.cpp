#include "daemon/status_board.hpp"

#include <algorithm>

#include "daemon/message/clock.hpp"
#include "daemon/metrics.hpp"
#include "daemon/status_json.hpp"

namespace fieldlink {
namespace {

bool is_good(const Reading& reading) {
    return reading.members.rfind("\"values\"", 0) == 0;
}

}  // namespace

std::string reading_json(const Reading& reading) {
    return R"({"sensor":")" + reading.sensor + R"(","ts":)" + std::to_string(reading.taken.wall.count()) + "," +
           reading.members + "}";
}

StatusBoard::StatusBoard(std::string gateway, std::vector<const Bus*> buses) {
    status_.gateway = std::move(gateway);
    status_.started = now();
    status_.buses = std::move(buses);
    for (const Bus* bus : status_.buses)
        for (std::size_t i = 0; i < bus->config().sensors.size(); ++i)
            status_.sensors[bus->config().sensors[i].name] = SensorStatus{bus, i, {}, {}, {}};
}

void StatusBoard::note(const Readings& readings) {
    for (const Reading& reading : *readings) {
        const auto sensor = status_.sensors.find(reading.sensor);
        if (sensor == status_.sensors.end() || !is_good(reading)) continue;
        sensor->second.last_reading = reading.taken;
        sensor->second.last_members = reading.members;
    }
}

void StatusBoard::note(const SensorChange& change) {
    const auto sensor = status_.sensors.find(change.sensor);
    if (sensor != status_.sensors.end()) sensor->second.change = change;
}

void StatusBoard::note(const BusChange& change) {
    status_.bus_changes[change.bus] = change;
}

std::string StatusBoard::one_line() const {
    const auto works = [](const auto& entry) { return entry.second.change.condition == SensorCondition::ok; };
    const auto ok = std::count_if(status_.sensors.begin(), status_.sensors.end(), works);
    std::string line = name_of(status_.uplink.state);
    if (status_.uplink.state != UplinkState::connected && !status_.uplink.last_error.empty())
        line += " (" + status_.uplink.last_error + ")";
    line += " · " + std::to_string(ok) + "/" + std::to_string(status_.sensors.size()) + " sensors ok · " +
            std::to_string(status_.storage.outbox.owed_messages) + " owed";
    if (!status_.storage.degraded.empty()) line += " · storage degraded: " + status_.storage.degraded;
    return line;
}

std::string StatusBoard::status_json() const {
    return to_json(status_);
}

std::string StatusBoard::metrics() const {
    return open_metrics(status_);
}

}  // namespace fieldlink
