#include "daemon/ctl/status_view.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "daemon/ctl/human.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;
using Row = std::vector<Cell>;

std::string or_unknown(const std::string& text) {
    return text.empty() ? "unknown" : text;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines)
        text += line + '\n';
    return text;
}

std::string heading(const StatusReport& report, milliseconds now, Style style) {
    std::string text = paint(style, Colour::heading, or_unknown(report.gateway));
    text += "  fieldlink " + or_unknown(report.version);
    if (report.started.count() > 0) text += ", running for " + span_text(now - report.started);
    return text + "\n\n";
}

/// One line of the upper part: its word, the state in its colour, the rest.
std::string topic(Style style, std::string word, const std::string& state, const std::string& rest) {
    word.resize(9, ' ');
    return word + paint(style, colour_of(state), or_unknown(state)) + rest + '\n';
}

/// More about the topic above.
std::string note_line(Style style, Colour colour, const std::string& note) {
    return "         " + paint(style, colour, note) + '\n';
}

std::string error_line(Style style, Colour colour, const std::string& error) {
    return error.empty() ? "" : note_line(style, colour, "last error: " + error);
}

/// How long it has been so, or without a connection, which comes and goes between waiting and connecting.
std::string since_text(const StatusReport::Link& link, milliseconds now) {
    const bool failing = link.failing_since.count() > 0;
    const milliseconds since = failing ? link.failing_since : link.since;
    if (since.count() == 0) return "";
    return (failing ? ", no connection for " : " for ") + span_text(now - since) + " (since " + moment_text(since) +
           ")";
}

std::string link_text(const std::string& word, const StatusReport::Link& link, const std::string& more,
                      milliseconds now, Style style) {
    const bool connected = link.state == "connected";
    std::string rest;
    if (link.state == "connecting" && !link.phase.empty()) rest += " (" + link.phase + ")";
    rest += since_text(link, now);
    if (connected && !link.peer_id.empty()) rest += " as " + link.peer_id;
    if (!connected && link.attempt > 0) rest += ", attempt " + std::to_string(link.attempt);
    if (link.state == "waiting" && link.next_attempt.count() > 0)
        rest += ", next in " + span_text(link.next_attempt - now);
    return topic(style, word, link.state, rest + more) +
           error_line(style, connected ? Colour::faint : Colour::bad, link.last_error);
}

std::string uplink_text(const StatusReport::Uplink& uplink, milliseconds now, Style style) {
    std::string more;
    const bool connected = uplink.state == "connected";
    if (connected && uplink.in_flight > 0) more += ", " + count_text(uplink.in_flight, "message") + " in flight";
    if (uplink.awaiting_receipt > 0) more += ", " + count_text(uplink.awaiting_receipt, "message") + " unconfirmed";
    if (connected && uplink.ramping) more += ", ramping up (" + std::to_string(std::lround(uplink.rate)) + " frames/s)";
    std::string text = link_text("uplink", uplink, more, now, style);
    if (uplink.commands) text += link_text("commands", *uplink.commands, "", now, style);
    return text;
}

std::string outbox_text(const StatusReport::Outbox& outbox, Style style) {
    const bool nearly_full = outbox.max_bytes > 0 && outbox.bytes > outbox.max_bytes / 10 * 9;
    std::string used = bytes_text(outbox.bytes) + " used";
    if (outbox.max_bytes > 0) used = bytes_text(outbox.bytes) + " of " + bytes_text(outbox.max_bytes) + " used";
    std::string text = "outbox   " + count_text(outbox.owed_messages, "message") + " owed (" +
                       count_text(outbox.owed_readings, "reading") + "), " +
                       paint(style, nearly_full ? Colour::warning : Colour::none, used);
    if (outbox.file_bytes > 0) text += ", " + bytes_text(outbox.file_bytes) + " on disk";
    const std::string dropped = count_text(outbox.dropped_readings, "reading") + " dropped";
    text += ", " + (outbox.dropped_readings == 0 ? "nothing dropped" : paint(style, Colour::bad, dropped)) + '\n';
    const std::string reasons = reasons_text(outbox);
    if (!reasons.empty()) text += note_line(style, Colour::bad, "dropped: " + reasons);
    for (const std::string& note : outbox_notes(outbox))
        text += note_line(style, Colour::warning, note);
    return text;
}

/// Nothing while the machine's clock is right.
std::string clock_text(const StatusReport::Clock& clock, Style style) {
    if (clock.state.empty() || clock.state == "synced") return "";
    std::string rest;
    if (clock.state == "unsynced")
        rest = ", the true time is not known: times are those of this machine's clock";
    else if (clock.state == "service")
        rest = "'s time is taken";
    if (clock.ahead && std::chrono::abs(*clock.ahead) >= std::chrono::seconds(1))
        rest += "; this machine's clock is " + span_text(std::chrono::abs(*clock.ahead)) +
                (clock.ahead->count() > 0 ? " ahead" : " behind");
    return topic(style, "clock", clock.state, rest);
}

/// What flash has to bear.
std::string wear_text(const StatusReport::Storage& storage) {
    if (!storage.gigabytes_a_day || *storage.gigabytes_a_day < 0) return "";
    char text[64];
    std::snprintf(text, sizeof text, ", writes %.2f GB a day", *storage.gigabytes_a_day);
    return text;
}

std::string sensor_counts(const std::vector<StatusReport::Sensor>& sensors, Style style) {
    std::map<std::string, std::size_t> counts;
    for (const auto& sensor : sensors)
        ++counts[or_unknown(sensor.state)];
    std::string text;
    for (const auto& [state, count] : counts)
        text += (text.empty() ? "" : ", ") + paint(style, colour_of(state), std::to_string(count) + " " + state);
    return "sensors  " + (text.empty() ? "none" : text) + '\n';
}

std::string bus_table(const std::vector<StatusReport::Bus>& buses, Style style, std::size_t width) {
    std::vector<Row> rows{{{"BUS", Colour::heading},
                           {"DRIVER", Colour::heading},
                           {"STATE", Colour::heading},
                           {"MISSED", Colour::heading, true},
                           {"LAST ERROR", Colour::heading}}};
    for (const auto& bus : buses)
        rows.push_back({{bus.name},
                        {bus.driver},
                        {or_unknown(bus.state), colour_of(bus.state)},
                        {std::to_string(bus.missed_polls), Colour::none, true},
                        {bus.last_error, bus.state == "open" ? Colour::faint : Colour::bad, false, true}});
    return joined(table_lines(rows, style, width));
}

int urgency(const StatusReport::Sensor& sensor) {
    if (sensor.state == "ok") return 2;
    return sensor.state == "idle" ? 1 : 0;
}

std::string sensor_table(std::vector<StatusReport::Sensor> sensors, milliseconds now, Style style, std::size_t width) {
    std::stable_sort(sensors.begin(), sensors.end(),
                     [](const auto& a, const auto& b) { return urgency(a) < urgency(b); });
    std::vector<Row> rows{{{"SENSOR", Colour::heading},
                           {"BUS", Colour::heading},
                           {"STATE", Colour::heading},
                           {"FOR", Colour::heading},
                           {"LAST READING", Colour::heading},
                           {"MISSED", Colour::heading, true},
                           {"ERROR OR VALUES", Colour::heading}}};
    for (const auto& sensor : sensors)
        rows.push_back({{sensor.name},
                        {sensor.bus},
                        {or_unknown(sensor.state), colour_of(sensor.state)},
                        {sensor.since.count() > 0 ? span_text(now - sensor.since) : ""},
                        {ago_text(sensor.last_reading, now)},
                        {std::to_string(sensor.missed_polls), Colour::none, true},
                        sensor.error.empty() ? Cell{sensor.values} : Cell{sensor.error, Colour::bad, false, true}});
    return joined(table_lines(rows, style, width));
}

}  // namespace

std::string reasons_text(const StatusReport::Outbox& outbox) {
    std::string text;
    for (const auto& [reason, readings] : outbox.dropped_by_reason)
        text += (text.empty() ? "" : ", ") + reason + " " + std::to_string(readings);
    return text;
}

std::vector<std::string> outbox_notes(const StatusReport::Outbox& outbox) {
    std::vector<std::string> notes;
    const std::uint64_t replayed = outbox.replay_owed_messages.value_or(0);
    if (replayed > 0) notes.push_back(count_text(replayed, "message") + " of a replay still owed");
    if (outbox.memory_messages > 0)
        notes.push_back(count_text(outbox.memory_messages, "message") + " in memory only, not on disk");
    constexpr std::uint64_t kMost = 63;
    if (outbox.thinned > 0)
        notes.push_back("full: keeps every " + ordinal_text(std::uint64_t{1} << std::min(outbox.thinned, kMost)) +
                        " reading of each sensor");
    if (outbox.salvaging) notes.push_back("reading a damaged file: what is whole in it becomes owed");
    return notes;
}

Colour colour_of(const std::string& state) {
    if (state == "connected" || state == "ok" || state == "open") return Colour::good;
    if (state == "connecting" || state == "idle" || state == "service" || state == "unsynced") return Colour::warning;
    return Colour::bad;
}

std::string ago_text(milliseconds then, milliseconds now) {
    return then.count() > 0 ? span_text(now - then) + " ago" : "never";
}

std::string status_text(const StatusReport& report, milliseconds now, Style style, std::size_t width) {
    std::string text = heading(report, now, style) + uplink_text(report.uplink, now, style) +
                       outbox_text(report.outbox, style) +
                       topic(style, "storage", report.storage.state, wear_text(report.storage)) +
                       error_line(style, Colour::bad, report.storage.last_error) + clock_text(report.clock, style) +
                       sensor_counts(report.sensors, style);
    if (!report.buses.empty()) text += '\n' + bus_table(report.buses, style, width);
    if (!report.sensors.empty()) text += '\n' + sensor_table(report.sensors, now, style, width);
    return text;
}

}  // namespace fieldlink
