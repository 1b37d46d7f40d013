#include "daemon/ctl/answers.hpp"

#include <algorithm>

#include "daemon/ctl/terminal_text.hpp"
#include "daemon/json/reader.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

/// The daemon is trusted not to exhaust this process; a gateway with thousands of points still has a status.
constexpr JsonLimits kLimits{64 * 1024 * 1024, 32, 2'000'000};

std::string text(JsonValue value) {
    return for_terminal(value.string().value_or(""));
}

std::uint64_t count(JsonValue value) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, value.integer().value_or(0)));
}

milliseconds moment(JsonValue value) {
    return milliseconds(std::max<std::int64_t>(0, value.integer().value_or(0)));
}

/// `{"code":"timeout","message":"no answer"}` as `timeout: no answer`.
std::string error_text(JsonValue error) {
    const std::string code = text(error["code"]), message = text(error["message"]);
    return code.empty() || message.empty() ? code + message : code + ": " + message;
}

/// The values as written, since a number must not change on its way to the screen.
std::string values_text(JsonValue holder) {
    std::string all;
    const auto append = [&all](JsonValue point, const std::string& what) {
        all.append(all.empty() ? "" : " ").append(for_terminal(point.name())).append("=").append(what);
    };
    for (JsonValue v = holder["values"].first(); v.exists(); v = v.next())
        append(v, for_terminal(v.raw()));
    for (JsonValue v = holder["errors"].first(); v.exists(); v = v.next())
        append(v, "!" + error_text(v));
    return all;
}

StatusReport::Link link_of(JsonValue json) {
    StatusReport::Link link;
    link.state = text(json["state"]);
    link.phase = text(json["phase"]);
    link.last_error = text(json["last_error"]);
    link.peer_id = text(json["peer_id"]);
    link.since = moment(json["since"]);
    link.failing_since = moment(json["failing_since"]);
    link.next_attempt = moment(json["next_attempt"]);
    link.attempt = count(json["attempt"]);
    return link;
}

StatusReport::Uplink uplink_of(JsonValue json) {
    StatusReport::Uplink uplink;
    static_cast<StatusReport::Link&>(uplink) = link_of(json);
    uplink.in_flight = count(json["in_flight"]);
    uplink.awaiting_receipt = count(json["awaiting_receipt"]);
    uplink.ramping = json["ramping"].boolean().value_or(false);
    uplink.rate = json["rate"].number().value_or(0);
    if (json["commands"].exists()) uplink.commands = link_of(json["commands"]);
    return uplink;
}

StatusReport::Outbox outbox_of(JsonValue json) {
    StatusReport::Outbox outbox;
    outbox.owed_messages = count(json["owed_messages"]);
    outbox.owed_readings = count(json["owed_readings"]);
    outbox.bytes = count(json["bytes"]);
    outbox.dropped_readings = count(json["dropped_readings"]);
    outbox.max_bytes = count(json["max_bytes"]);
    outbox.file_bytes = count(json["file_bytes"]);
    outbox.read_readings = count(json["read_readings"]);
    outbox.acked_readings = count(json["acked_readings"]);
    outbox.quarantined_readings = count(json["quarantined_readings"]);
    for (JsonValue v = json["dropped_by_reason"].first(); v.exists(); v = v.next())
        outbox.dropped_by_reason.push_back({for_terminal(v.name()), count(v)});
    outbox.memory_messages = count(json["memory_messages"]);
    outbox.thinned = count(json["thinned"]);
    outbox.salvaging = json["salvaging"].boolean().value_or(false);
    outbox.last_seq = json["last_seq"].integer().value_or(0);
    if (json["replay_owed_messages"].exists()) outbox.replay_owed_messages = count(json["replay_owed_messages"]);
    return outbox;
}

StatusReport::Clock clock_of(JsonValue json) {
    StatusReport::Clock clock;
    clock.state = text(json["state"]);
    // Never the one number that has no opposite.
    if (const auto ahead = json["offset_ms"].integer())
        clock.ahead = std::max(milliseconds(*ahead), -milliseconds::max());
    return clock;
}

StatusReport::Bus bus_of(JsonValue json) {
    StatusReport::Bus bus;
    bus.name = for_terminal(json.name());
    bus.driver = text(json["driver"]);
    bus.state = text(json["state"]);
    bus.last_error = text(json["last_error"]);
    bus.missed_polls = count(json["missed_polls"]);
    return bus;
}

StatusReport::Sensor sensor_of(JsonValue json) {
    StatusReport::Sensor sensor;
    sensor.name = for_terminal(json.name());
    sensor.bus = text(json["bus"]);
    sensor.state = text(json["state"]);
    sensor.error = error_text(json["error"]);
    sensor.values = values_text(json);
    sensor.last_reading = moment(json["last_reading"]);
    sensor.since = moment(json["since"]);
    sensor.missed_polls = count(json["missed_polls"]);
    return sensor;
}

void append_names(JsonValue object, std::vector<std::string>& names) {
    constexpr auto kHarmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    for (JsonValue v = object.first(); v.exists(); v = v.next())
        if (v.name().find_first_not_of(kHarmless) == std::string_view::npos) names.emplace_back(v.name());
}

}  // namespace

std::string refusal_in(std::string_view line) {
    const JsonDocument answer(line, kLimits);
    if (!answer.root().is_object()) return "the daemon answered with something that is no JSON object";
    if (answer.root()["ok"].boolean().value_or(false)) return {};
    const std::string error = text(answer.root()["error"]);
    return error.empty() ? "the daemon refused, and did not say why" : error;
}

std::optional<StatusReport> status_in(std::string_view line) {
    const JsonDocument answer(line, kLimits);
    const JsonValue json = answer.root()["status"];
    if (!json.is_object()) return std::nullopt;
    StatusReport report;
    report.gateway = text(json["gateway"]);
    report.version = text(json["version"]);
    report.started = moment(json["started"]);
    report.uplink = uplink_of(json["uplink"]);
    report.outbox = outbox_of(json["outbox"]);
    report.storage = {text(json["storage"]["state"]), text(json["storage"]["last_error"]),
                      json["storage"]["gigabytes_a_day"].number()};
    report.clock = clock_of(json["clock"]);
    for (JsonValue bus = json["buses"].first(); bus.exists(); bus = bus.next())
        report.buses.push_back(bus_of(bus));
    for (JsonValue sensor = json["sensors"].first(); sensor.exists(); sensor = sensor.next())
        report.sensors.push_back(sensor_of(sensor));
    return report;
}

std::string status_json_in(std::string_view line) {
    const JsonDocument answer(line, kLimits);
    return std::string(answer.root()["status"].raw());
}

std::string outbox_json_in(std::string_view line) {
    const JsonDocument answer(line, kLimits);
    return std::string(answer.root()["status"]["outbox"].raw());
}

StatusReport::Outbox outbox_stats_in(std::string_view json) {
    const JsonDocument document(json, kLimits);
    return outbox_of(document.root());
}

std::string metrics_in(std::string_view line) {
    const JsonDocument answer(line, kLimits);
    return std::string(answer.root()["metrics"].string().value_or(""));
}

std::string result_json_in(std::string_view line) {
    const JsonDocument answer(line, kLimits);
    return std::string(answer.root()["result"].raw());
}

std::vector<std::string> sensor_names_in(std::string_view line) {
    const JsonDocument answer(line, kLimits);
    std::vector<std::string> names;
    append_names(answer.root()["status"]["sensors"], names);
    return names;
}

std::vector<std::string> point_names_in(std::string_view line, std::string_view sensor) {
    const JsonDocument answer(line, kLimits);
    std::vector<std::string> names;
    append_names(answer.root()["status"]["sensors"][sensor]["values"], names);
    return names;
}

std::optional<TailReading> reading_in(std::string_view line) {
    const JsonDocument json(line, kLimits);
    const auto sensor = json.root()["sensor"].string();
    if (!sensor) return std::nullopt;
    return TailReading{for_terminal(*sensor), moment(json.root()["ts"]), values_text(json.root()),
                       error_text(json.root()["error"])};
}

}  // namespace fieldlink
