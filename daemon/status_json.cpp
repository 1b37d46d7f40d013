#include "daemon/status_json.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "daemon/outbox_tool/outbox_answer.hpp"
#include "daemon/values/device_text.hpp"

namespace fieldlink {
namespace {

using Json = rapidjson::Writer<rapidjson::StringBuffer>;

void put(Json& json, const char* key, std::uint64_t value) {
    json.Key(key);
    json.Uint64(value);
}

/// Texts come from devices and from the network: they are made valid UTF-8 on the way.
void put(Json& json, const char* key, const std::string& value) {
    std::string text;
    append_device_text(text, value);
    json.Key(key);
    json.RawValue(text.data(), text.size(), rapidjson::kStringType);
}

/// Unix milliseconds; null when it has not happened.
void put_time(Json& json, const char* key, std::int64_t value) {
    json.Key(key);
    if (value == 0)
        json.Null();
    else
        json.Int64(value);
}

const char* name(SensorCondition condition) {
    switch (condition) {
        case SensorCondition::ok:
            return "ok";
        case SensorCondition::failing:
            return "failing";
        case SensorCondition::idle:
            break;
    }
    return "idle";
}

void put_link(Json& json, const LinkStatus& link) {
    put(json, "state", name_of(link.state));
    put(json, "phase", std::string(link.phase));
    put_time(json, "since", link.since);
    put_time(json, "failing_since", link.failing_since);
    put(json, "last_error", link.last_error);
    put(json, "attempt", link.attempt);
    put_time(json, "next_attempt", link.next_attempt);
    put(json, "peer_id", link.peer_id);
    put(json, "connects", link.connects);
    put(json, "unexpected_acks", link.unexpected_acks);
    put(json, "ignored_frames", link.ignored_frames);
}

void put_uplink(Json& json, const UplinkStatus& uplink) {
    json.Key("uplink");
    json.StartObject();
    put_link(json, uplink);
    put(json, "in_flight", uplink.in_flight);
    put(json, "published_frames", uplink.published_frames);
    put(json, "acked_messages", uplink.acked_messages);
    put(json, "refused_messages", uplink.refused_messages);
    put(json, "awaiting_receipt", uplink.awaiting_receipt);
    put(json, "unknown_receipts", uplink.unknown_receipts);
    json.Key("rate");
    json.Double(uplink.rate);
    json.Key("ramping");
    json.Bool(uplink.ramping);
    if (uplink.commands) {
        json.Key("commands");
        json.StartObject();
        put_link(json, *uplink.commands);
        json.EndObject();
    }
    json.EndObject();
}

void put_ignored(Json& json, const IgnoredCommands& ignored) {
    json.Key("ignored_commands");
    json.StartObject();
    put(json, "no_commands", ignored.no_commands);
    put(json, "direct", ignored.direct);
    put(json, "receipts", ignored.receipts);
    put(json, "malformed_receipts", ignored.malformed_receipts);
    json.EndObject();
}

void put_storage(Json& json, const GatewayStatus& status) {
    const StorageStatus& storage = status.storage;
    const std::string outbox = stats_json(storage.outbox, storage.waiting_readings);
    json.Key("outbox");
    json.RawValue(outbox.data(), outbox.size(), rapidjson::kObjectType);
    json.Key("storage");
    json.StartObject();
    put(json, "state", storage.degraded.empty() ? "ok" : "degraded");
    put(json, "last_error", storage.degraded);
    json.Key("gigabytes_a_day");
    if (const auto wear = status.written.gigabytes_a_day())
        json.Double(*wear);
    else
        json.Null();
    json.EndObject();
}

void put_clock(Json& json, const ClockStatus& clock) {
    json.Key("clock");
    json.StartObject();
    put(json, "state", name_of(clock.state));
    json.Key("offset_ms");
    if (clock.wall_ahead)
        json.Int64(clock.wall_ahead->count());
    else
        json.Null();
    json.EndObject();
}

void put_error(Json& json, const SensorChange& change) {
    json.Key("error");
    if (change.condition != SensorCondition::failing) {
        json.Null();
        return;
    }
    json.StartObject();
    put(json, "code", std::string(error_name(change.code)));
    put(json, "message", change.message);
    json.EndObject();
}

/// `members` is already JSON: `"values":{…}`, perhaps with `,"errors":{…}`.
void put_members(Json& json, const std::string& members) {
    constexpr std::string_view kValues = "\"values\":", kErrors = "},\"errors\":";
    const auto errors = members.find(kErrors);
    const auto values_end = errors == std::string::npos ? members.size() : errors + 1;
    json.Key("values");
    json.RawValue(members.data() + kValues.size(), values_end - kValues.size(), rapidjson::kObjectType);
    if (errors == std::string::npos) return;
    json.Key("errors");
    json.RawValue(members.data() + errors + kErrors.size(), members.size() - errors - kErrors.size(),
                  rapidjson::kObjectType);
}

void put_bus(Json& json, const Bus& bus, const BusChange* change) {
    constexpr std::chrono::milliseconds kStuck{10'000};
    std::uint64_t missed = 0;
    for (std::size_t i = 0; i < bus.config().sensors.size(); ++i)
        missed += bus.counters(i).missed;
    json.Key(bus.config().name.c_str());
    json.StartObject();
    put(json, "driver", bus.config().driver);
    put(json, "state",
        bus.busy_for() > kStuck                             ? "stuck"
        : change && change->condition == BusCondition::open ? "open"
                                                            : "closed");
    put(json, "last_error", change ? change->message : "");
    put(json, "missed_polls", missed);
    json.EndObject();
}

void put_buses(Json& json, const GatewayStatus& status) {
    json.Key("buses");
    json.StartObject();
    for (const Bus* bus : status.buses) {
        const auto change = status.bus_changes.find(bus->config().name);
        put_bus(json, *bus, change == status.bus_changes.end() ? nullptr : &change->second);
    }
    json.EndObject();
}

void put_sensors(Json& json, const GatewayStatus& status) {
    json.Key("sensors");
    json.StartObject();
    for (const auto& [sensor_name, sensor] : status.sensors) {
        const Bus::Counters& counters = sensor.bus->counters(sensor.index);
        json.Key(sensor_name.c_str());
        json.StartObject();
        put(json, "bus", sensor.bus->config().name);
        put(json, "state", name(sensor.change.condition));
        put_time(json, "since", sensor.change.since.wall.count());
        put_time(json, "last_reading", sensor.last_reading.wall.count());
        put_error(json, sensor.change);
        put(json, "polls", counters.polls);
        put(json, "failed_polls", counters.failed);
        put(json, "missed_polls", counters.missed);
        if (!sensor.last_members.empty()) put_members(json, sensor.last_members);
        json.EndObject();
    }
    json.EndObject();
}

}  // namespace

const char* name_of(UplinkState state) {
    switch (state) {
        case UplinkState::connected:
            return "connected";
        case UplinkState::connecting:
            return "connecting";
        case UplinkState::waiting:
            break;
    }
    return "waiting";
}

std::string to_json(const GatewayStatus& status) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.SetMaxDecimalPlaces(3);
    json.StartObject();
    put(json, "gateway", status.gateway);
    put(json, "version", FIELDLINK_VERSION);
    put(json, "epoch", status.storage.epoch);
    put_time(json, "started", status.started.wall.count());
    put_uplink(json, status.uplink);
    put_ignored(json, status.ignored_commands);
    put_storage(json, status);
    put_clock(json, status.clock);
    put_buses(json, status);
    put_sensors(json, status);
    json.EndObject();
    return buffer.GetString();
}

}  // namespace fieldlink
