#pragma once

#include <string>
#include <vector>

#include "daemon/status_json.hpp"

namespace fieldlink {

/// Keeps what is known of the gateway, for `status`, STATUS= and those who follow readings.
/// [net thread] only; the other threads' news are posted here.
class StatusBoard {
public:
    /// `buses` are asked for their counters, which may be read on any thread; they outlive the board's use.
    StatusBoard(std::string gateway, std::vector<const Bus*> buses);

    void note(const Readings& readings);
    void note(const SensorChange& change);
    void note(const BusChange& change);
    void note(const StorageStatus& status) { status_.storage = status; }
    void note_written(std::uint64_t bytes, std::chrono::milliseconds now) { status_.written.note(bytes, now); }
    void note(const UplinkStatus& status) { status_.uplink = status; }
    void note(const IgnoredCommands& ignored) { status_.ignored_commands = ignored; }
    void note(const ClockStatus& status) { status_.clock = status; }

    /// `connected · 12/12 sensors ok · 0 owed`.
    std::string one_line() const;

    /// `status --json` on one line, and the same as OpenMetrics text.
    std::string status_json() const;
    std::string metrics() const;

private:
    GatewayStatus status_;
};

/// One reading as a JSON object: {"sensor":…,"ts":…,"values":{…}}.
std::string reading_json(const Reading& reading);

}  // namespace fieldlink
