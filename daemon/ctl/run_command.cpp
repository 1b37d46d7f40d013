#include <chrono>
#include <vector>

#include "daemon/ctl/answers.hpp"
#include "daemon/ctl/control_connection.hpp"
#include "daemon/ctl/table.hpp"
#include "daemon/ctl/terminal_text.hpp"
#include "daemon/ctl/usage_error.hpp"
#include "daemon/ctl/verbs.hpp"
#include "daemon/json/reader.hpp"
#include "daemon/json/writer.hpp"

namespace fieldlink {
namespace {

using namespace std::chrono_literals;

/// The daemon itself gives up on a device after about 10 s.
constexpr auto kPatience = 15s;

void append_member(std::string& json, std::string_view name, const std::string& text) {
    json.append(",").append("\"").append(name).append("\":");
    append_json_string(json, text);
}

void append_value(std::string& json, const std::string& word) {
    json += ",\"value\":";
    const JsonKind kind = JsonDocument(word).root().kind();
    if (word == "on" || word == "off")
        json += word == "on" ? "true" : "false";
    else if (kind == JsonKind::number || kind == JsonKind::boolean)
        json += word;
    else
        append_json_string(json, word);
}

std::string request_for(const CommandOptions& command) {
    for (const std::string* word : {&command.sensor, &command.point, &command.value})
        if (for_terminal(*word) != *word) throw UsageError("\"" + *word + "\" is not printable UTF-8 text");
    std::string json = R"({"verb":"command","command":{"type":)";
    append_json_string(json, command.type);
    append_member(json, "sensor", command.sensor);
    if (!command.point.empty()) append_member(json, "point", command.point);
    if (command.type == "write") append_value(json, command.value);
    return json + "}}";
}

std::string shown(JsonValue value) {
    const auto text = value.string();
    return for_terminal(text ? *text : value.raw());
}

void show_values(JsonValue values, std::ostream& out) {
    std::vector<std::vector<Cell>> rows;
    for (JsonValue v = values.first(); v.exists(); v = v.next())
        rows.push_back({{for_terminal(v.name())}, {shown(v), Colour::none, false, true}});
    for (const std::string& line : table_lines(rows, Style::plain, 0))
        out << line << '\n';
}

void show_written(const CommandOptions& command, JsonValue result, std::ostream& out) {
    const JsonValue value = result["value"].exists() ? result["value"] : result["values"][command.point];
    const std::string point = for_terminal(command.point);
    if (value.exists())
        out << point << " = " << shown(value) << " (read back)\n";
    else
        out << point << " = " << for_terminal(command.value) << " (written, not read back)\n";
}

void show(const CommandOptions& command, JsonValue result, std::ostream& out) {
    if (command.type == "write") return show_written(command, result, out);
    const JsonValue value = result["value"].exists() ? result["value"] : result["values"];
    if (value.is_object()) return show_values(value, out);
    if (value.exists())
        out << shown(value) << '\n';
    else
        out << for_terminal(command.sensor) << ": done\n";
}

/// `rejected: above its max of 80; the device holds setpoint=60`.
std::string failure_in(JsonValue result) {
    std::string text = shown(result["status"]);
    if (text.empty())
        return "the daemon's answer has no status; is it of another version? fieldlinkctl status shows it";
    if (result["message"].exists()) text += ": " + shown(result["message"]);
    std::string held;
    for (JsonValue v = result["values"].first(); v.exists(); v = v.next())
        held.append(" ").append(v.name()).append("=").append(shown(v));
    return held.empty() ? text : text + "; the device holds" + held;
}

}  // namespace

int run_command(const ControlOptions& options, const CommandOptions& command, std::ostream& out) {
    const std::string request = request_for(command);
    ControlConnection daemon(options.socket);
    daemon.send(request);
    const std::string answer = daemon.receive(kPatience);
    const std::string refusal = refusal_in(answer);
    if (!refusal.empty()) throw ControlError(refusal);
    const std::string json = result_json_in(answer);
    const JsonDocument result(json);
    if (options.json) out << json_for_terminal(json) << '\n';
    if (result.root()["status"].string() != "done") throw ControlError(failure_in(result.root()));
    if (!options.json) show(command, result.root(), out);
    return 0;
}

}  // namespace fieldlink
