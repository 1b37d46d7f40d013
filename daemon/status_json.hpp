#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/clock/true_clock.hpp"
#include "daemon/message/reading.hpp"
#include "daemon/polling/bus.hpp"
#include "daemon/recorder.hpp"
#include "daemon/uplink/uplink.hpp"
#include "daemon/write_meter.hpp"

namespace fieldlink {

/// What is known of one sensor.
struct SensorStatus {
    const Bus* bus = nullptr;  ///< asked for its counters
    std::size_t index = 0;     ///< in the bus's sensors
    SensorChange change;
    Stamp last_reading;
    std::string last_members;  ///< of the last good reading
};

/// What is known of the machine's clock.
struct ClockStatus {
    ClockState state = ClockState::unsynced;
    std::optional<std::chrono::milliseconds>
        wall_ahead;  ///< wall clock minus true time; absent while that is not known
};

/// What came on the commands channel and led to nothing.
struct IgnoredCommands {
    std::uint64_t no_commands = 0;         ///< neither a command nor a receipt
    std::uint64_t direct = 0;              ///< direct frames that are not to be taken
    std::uint64_t receipts = 0;            ///< not awaited, or of a sender who may not
    std::uint64_t malformed_receipts = 0;  ///< of a sender who may
};

/// What is known of the whole gateway at one moment.
struct GatewayStatus {
    std::string gateway;
    Stamp started;
    std::vector<const Bus*> buses;
    std::map<std::string, SensorStatus> sensors;
    std::map<std::string, BusChange> bus_changes;
    StorageStatus storage;
    WriteMeter written;
    UplinkStatus uplink;
    IgnoredCommands ignored_commands;
    ClockStatus clock;
};

/// `fieldlinkctl status --json`: one JSON object on one line. Times are Unix milliseconds, null for never.
std::string to_json(const GatewayStatus& status);

const char* name_of(UplinkState state);

}  // namespace fieldlink
