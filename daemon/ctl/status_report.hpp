#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fieldlink {

/// What the daemon says of itself, as far as it says it: a field that is missing or of another type than expected has
/// the default here, and unknown ones are left out, so that a newer or older daemon is shown as well as it can be.
/// Every text is printable. Times are Unix times; 0 where there is none.
struct StatusReport {
    using milliseconds = std::chrono::milliseconds;

    struct Link {
        std::string state, phase, last_error, peer_id;
        milliseconds since{0}, failing_since{0}, next_attempt{0};
        std::uint64_t attempt = 0;
    };
    struct Uplink : Link {
        std::uint64_t in_flight = 0, awaiting_receipt = 0;
        bool ramping = false;
        double rate = 0;               ///< frames a second
        std::optional<Link> commands;  ///< with a link for commands alone
    };
    struct Dropped {
        std::string reason;
        std::uint64_t readings = 0;
    };
    struct Outbox {
        std::uint64_t owed_messages = 0, owed_readings = 0, bytes = 0, max_bytes = 0, file_bytes = 0;
        std::uint64_t read_readings = 0, acked_readings = 0, dropped_readings = 0, quarantined_readings = 0;
        std::vector<Dropped> dropped_by_reason;
        std::uint64_t memory_messages = 0;  ///< of the owed ones, not on disk
        std::uint64_t thinned = 0;          ///< every 2^thinned-th reading of a sensor is kept at present
        bool salvaging = false;             ///< a damaged file is being read
        std::int64_t last_seq = 0;
        std::optional<std::uint64_t> replay_owed_messages;  ///< of the owed ones; absent if it is not known
    };
    struct Storage {
        std::string state, last_error;
        std::optional<double> gigabytes_a_day;  ///< written to disk, as projected from the last hour
    };
    struct Clock {
        std::string state;                  ///< `synced`, `service` or `unsynced`
        std::optional<milliseconds> ahead;  ///< wall clock minus true time; absent while that is not known
    };
    struct Bus {
        std::string name, driver, state, last_error;
        std::uint64_t missed_polls = 0;
    };
    struct Sensor {
        std::string name, bus, state;
        std::string error;   ///< `timeout: unit 1: no answer in 500 ms`; empty if it has none
        std::string values;  ///< `temperature=71.5 pump=true`, points without a value as `setpoint=!illegal_address`
        milliseconds last_reading{0}, since{0};
        std::uint64_t missed_polls = 0;
    };

    std::string gateway, version;
    milliseconds started{0};
    Uplink uplink;
    Outbox outbox;
    Storage storage;
    Clock clock;
    std::vector<Bus> buses;
    std::vector<Sensor> sensors;
};

}  // namespace fieldlink
