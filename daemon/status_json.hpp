#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daemon/message/reading.hpp"
#include "daemon/polling/bus.hpp"
#include "daemon/recorder.hpp"
#include "daemon/uplink/uplink.hpp"

namespace fieldlink {

/// What is known of one sensor.
struct SensorStatus {
    const Bus* bus = nullptr;  ///< asked for its counters
    std::size_t index = 0;     ///< in the bus's sensors
    SensorChange change;
    Stamp last_reading;
    std::string last_members;  ///< of the last good reading
};

/// What is known of the whole gateway at one moment.
struct GatewayStatus {
    std::string gateway;
    Stamp started;
    std::vector<const Bus*> buses;
    std::map<std::string, SensorStatus> sensors;
    std::map<std::string, BusChange> bus_changes;
    StorageStatus storage;
    UplinkStatus uplink;
};

/// `fieldlinkctl status --json`: one JSON object on one line. Times are Unix milliseconds, null for never.
std::string to_json(const GatewayStatus& status);

const char* name_of(UplinkState state);

}  // namespace fieldlink
