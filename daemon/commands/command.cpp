#include "daemon/commands/command.hpp"

#include "daemon/commands/replay_range.hpp"

namespace fieldlink {
namespace {

constexpr std::size_t kMaxId = 128, kMaxName = 128, kMaxValues = 100;

/// Takes an optional string member; a member of another kind makes the command malformed.
void take_text(const JsonValue& message, const char* member, std::size_t max, std::string& text, std::string& wrong) {
    const JsonValue value = message[member];
    if (!value.exists()) return;
    const auto string = value.string();
    if (string && !string->empty() && string->size() <= max)
        text = *string;
    else if (wrong.empty())
        wrong = std::string(member) + " must be a string of 1 to " + std::to_string(max) + " bytes";
}

void take_expires(const JsonValue& message, Command& command) {
    const JsonValue value = message["expires"];
    if (!value.exists()) return;
    constexpr double kLatest = 1e15;  // far beyond any date; a double holds it exactly
    const auto number = value.number();
    if (number && *number >= 0 && *number < kLatest)
        command.expires = static_cast<std::int64_t>(*number);
    else if (command.malformed.empty())
        command.malformed = "expires must be a number: Unix time in milliseconds";
}

void take_values(const JsonValue& message, Command& command) {
    const JsonValue value = message["value"], values = message["values"];
    if (value.exists()) command.values.emplace_back(command.point, std::string(value.raw()));
    for (JsonValue v = values.first(); values.is_object() && v.exists(); v = v.next())
        command.values.emplace_back(std::string(v.name()), std::string(v.raw()));
    if (!command.malformed.empty()) return;
    if (values.exists() && !values.is_object()) command.malformed = "values must be an object of points";
    if (values.exists() && (value.exists() || !command.point.empty()))
        command.malformed = "write either point and value, or values";
    if (command.values.size() > kMaxValues)
        command.malformed = "at most " + std::to_string(kMaxValues) + " points in one command";
}

void take_replay(const JsonValue& message, Command& command) {
    std::string why_not;
    command.replay = read_replay_range(message, why_not);
    if (!command.replay && command.malformed.empty()) command.malformed = why_not;
}

}  // namespace

std::optional<Command> read_command(const JsonValue& message) {
    const auto type = message["type"].string();
    if (!type) return std::nullopt;
    Command command;
    take_text(message, "id", kMaxId, command.id, command.malformed);
    take_text(message, "type", kMaxName, command.type, command.malformed);
    take_text(message, "sensor", kMaxName, command.sensor, command.malformed);
    take_text(message, "point", kMaxName, command.point, command.malformed);
    take_expires(message, command);
    take_values(message, command);
    if (command.type == "replay") take_replay(message, command);
    return command;
}

}  // namespace fieldlink
