#include "daemon/metrics.hpp"

#include <string_view>

namespace fieldlink {
namespace {

/// A label and its value, any text.
struct Label {
    std::string_view name, value;
};

void append_escaped(std::string& text, std::string_view value) {
    for (const char c : value) {
        if (c == '\\' || c == '"') text += '\\';
        if (c == '\n')
            text += "\\n";
        else
            text += c;
    }
}

/// A run of samples under one name.
class Family {
public:
    Family(std::string& text, std::string_view name, std::string_view type, std::string_view unit,
           std::string_view help)
        : text_(text),
          name_(name),
          suffix_(type == "counter" ? "_total"
                  : type == "info"  ? "_info"
                                    : "") {
        text_.append("# TYPE ").append(name).append(1, ' ').append(type).append(1, '\n');
        if (!unit.empty()) text_.append("# UNIT ").append(name).append(1, ' ').append(unit).append(1, '\n');
        text_.append("# HELP ").append(name).append(1, ' ').append(help).append(1, '\n');
    }

    void sample(const std::vector<Label>& labels, std::string_view value) {
        text_.append(name_).append(suffix_);
        char separator = '{';
        for (const Label& label : labels) {
            text_.append(1, separator).append(label.name).append("=\"");
            append_escaped(text_, label.value);
            text_ += '"';
            separator = ',';
        }
        text_.append(labels.empty() ? " " : "} ").append(value).append(1, '\n');
    }

    void sample(const std::vector<Label>& labels, std::uint64_t value) { sample(labels, std::to_string(value)); }

private:
    std::string& text_;
    std::string_view name_, suffix_;
};

void counter(std::string& text, std::string_view name, std::string_view help, std::uint64_t value) {
    Family(text, name, "counter", "", help).sample({}, value);
}

void gauge(std::string& text, std::string_view name, std::string_view help, std::uint64_t value) {
    Family(text, name, "gauge", "", help).sample({}, value);
}

void bytes(std::string& text, std::string_view name, std::string_view help, std::uint64_t value) {
    Family(text, name, "gauge", "bytes", help).sample({}, value);
}

/// OpenMetrics has seconds, the daemon milliseconds: exact, without floating point.
std::string seconds_text(std::chrono::milliseconds time) {
    const std::string fraction = std::to_string(1000 + time.count() % 1000);
    return std::to_string(time.count() / 1000) + "." + fraction.substr(1);
}

void add_gateway(std::string& text, const GatewayStatus& status) {
    Family(text, "fieldlink_build", "info", "", "The running program and its gateway.")
        .sample({{"version", FIELDLINK_VERSION}, {"gateway", status.gateway}}, 1);
    Family(text, "fieldlink_start_time_seconds", "gauge", "seconds", "When the daemon started, Unix time.")
        .sample({}, seconds_text(status.started.wall));
}

void add_uplink(std::string& text, const UplinkStatus& uplink) {
    gauge(text, "fieldlink_uplink_connected", "1 while the uplink is connected to the service.",
          uplink.state == UplinkState::connected ? 1 : 0);
    counter(text, "fieldlink_uplink_connects", "Connections that the service welcomed.", uplink.connects);
    counter(text, "fieldlink_uplink_published_frames", "Publishes that were sent.", uplink.published_frames);
    counter(text, "fieldlink_uplink_acked_messages", "Messages that the service acknowledged.", uplink.acked_messages);
    counter(text, "fieldlink_uplink_unexpected_acks", "Acknowledgements of what was not sent.", uplink.unexpected_acks);
    counter(text, "fieldlink_uplink_ignored_frames", "Frames that were not understood.", uplink.ignored_frames);
    gauge(text, "fieldlink_uplink_in_flight_messages", "Messages sent and not acknowledged yet.", uplink.in_flight);
    counter(text, "fieldlink_uplink_refused_messages",
            "Messages that the service refused for good, in whole or in part.", uplink.refused_messages);
    gauge(text, "fieldlink_uplink_awaiting_receipt_messages", "Messages that are acknowledged and not confirmed yet.",
          uplink.awaiting_receipt);
    counter(text, "fieldlink_uplink_unknown_receipts", "Receipts of messages that were not sent.",
            uplink.unknown_receipts);
    if (!uplink.commands) return;
    gauge(text, "fieldlink_uplink_commands_connected", "1 while the link for commands is connected to the service.",
          uplink.commands->state == UplinkState::connected ? 1 : 0);
    counter(text, "fieldlink_uplink_commands_connects", "Connections for commands that the service welcomed.",
            uplink.commands->connects);
}

/// read = acked + quarantined + the sum of dropped + the gauges of owed and waiting.
void add_fates(std::string& text, const StorageStatus& storage) {
    const OutboxStats& outbox = storage.outbox;
    Family readings(text, "fieldlink_readings", "counter", "",
                    "Readings by what became of them, since the outbox file was made.");
    readings.sample({{"fate", "read"}}, outbox.read_readings + storage.waiting_readings);
    readings.sample({{"fate", "acked"}}, outbox.acked_readings);
    readings.sample({{"fate", "quarantined"}}, outbox.quarantined_readings);
    Family dropped(text, "fieldlink_dropped_readings", "counter", "",
                   "Readings that were given up, by reason, since the outbox file was made.");
    for (const auto& [reason, count] : outbox.dropped_by_reason)
        dropped.sample({{"reason", reason}}, count);
    counter(text, "fieldlink_replayed_readings", "Readings that were made owed again.", outbox.replayed_readings);
    counter(text, "fieldlink_salvaged_readings", "Readings that came from damaged files.", outbox.salvaged_readings);
}

void add_storage(std::string& text, const StorageStatus& storage) {
    const OutboxStats& outbox = storage.outbox;
    gauge(text, "fieldlink_outbox_owed_messages", "Stored messages not acknowledged yet.", outbox.owed_messages);
    gauge(text, "fieldlink_outbox_owed_readings", "Readings in them.", outbox.owed_readings);
    gauge(text, "fieldlink_outbox_stored_messages", "Stored messages, delivered ones included.",
          outbox.stored_messages);
    gauge(text, "fieldlink_outbox_waiting_readings", "Readings that are in no message yet.", storage.waiting_readings);
    bytes(text, "fieldlink_outbox_used_bytes", "What the outbox uses of its files.", outbox.used_bytes);
    bytes(text, "fieldlink_outbox_file_bytes", "Size of the outbox's files.", outbox.file_bytes);
    bytes(text, "fieldlink_outbox_max_bytes", "The limit that they keep to.", outbox.max_bytes);
    gauge(text, "fieldlink_storage_degraded", "1 while commits or reading fail.", storage.degraded.empty() ? 0 : 1);
    gauge(text, "fieldlink_outbox_replay_owed_messages", "Owed messages that were delivered before, and replayed.",
          outbox.replay_owed_messages);
    gauge(text, "fieldlink_outbox_memory_messages", "Owed messages that are in memory only.", outbox.memory_messages);
    add_fates(text, storage);
}

void add_sensor_states(std::string& text, const GatewayStatus& status) {
    constexpr std::pair<SensorCondition, std::string_view> kStates[] = {
        {SensorCondition::ok, "ok"}, {SensorCondition::failing, "failing"}, {SensorCondition::idle, "idle"}};
    Family family(text, "fieldlink_sensor_state", "stateset", "", "The state that a sensor is in.");
    for (const auto& [name, sensor] : status.sensors)
        for (const auto& [condition, word] : kStates)
            family.sample({{"sensor", name}, {"fieldlink_sensor_state", word}},
                          sensor.change.condition == condition ? 1 : 0);
}

void add_last_readings(std::string& text, const GatewayStatus& status) {
    Family family(text, "fieldlink_sensor_last_reading_timestamp_seconds", "gauge", "seconds",
                  "When a sensor was last read, Unix time.");
    for (const auto& [name, sensor] : status.sensors)
        if (sensor.last_reading.wall.count() > 0)
            family.sample({{"sensor", name}}, seconds_text(sensor.last_reading.wall));
}

/// One counter of each sensor.
void add_polls(std::string& text, const GatewayStatus& status, std::string_view name, std::string_view help,
               std::atomic<std::uint64_t> Bus::Counters::*counter) {
    Family family(text, name, "counter", "", help);
    for (const auto& [sensor_name, sensor] : status.sensors)
        family.sample({{"sensor", sensor_name}, {"bus", sensor.bus->config().name}},
                      sensor.bus->counters(sensor.index).*counter);
}

void add_sensors(std::string& text, const GatewayStatus& status) {
    add_sensor_states(text, status);
    add_last_readings(text, status);
    add_polls(text, status, "fieldlink_sensor_polls", "Polls that were answered.", &Bus::Counters::polls);
    add_polls(text, status, "fieldlink_sensor_failed_polls", "Polls that were not.", &Bus::Counters::failed);
    add_polls(text, status, "fieldlink_sensor_missed_polls", "Polls that fell due while the bus was busy.",
              &Bus::Counters::missed);
}

void add_buses(std::string& text, const GatewayStatus& status) {
    {
        Family family(text, "fieldlink_bus_open", "gauge", "", "1 while a bus is open.");
        for (const Bus* bus : status.buses) {
            const auto change = status.bus_changes.find(bus->config().name);
            const bool is_open = change != status.bus_changes.end() && change->second.condition == BusCondition::open;
            family.sample({{"bus", bus->config().name}, {"driver", bus->config().driver}}, is_open ? 1 : 0);
        }
    }
    Family family(text, "fieldlink_bus_busy_seconds", "gauge", "seconds",
                  "For how long the driver has been in its present call.");
    for (const Bus* bus : status.buses)
        family.sample({{"bus", bus->config().name}}, seconds_text(bus->busy_for()));
}

}  // namespace

std::string open_metrics(const GatewayStatus& status) {
    std::string text;
    add_gateway(text, status);
    add_uplink(text, status.uplink);
    add_storage(text, status.storage);
    add_buses(text, status);
    add_sensors(text, status);
    return text + "# EOF\n";
}

}  // namespace fieldlink
