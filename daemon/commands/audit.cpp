#include "daemon/commands/audit.hpp"

#include "daemon/foreign_text.hpp"
#include "daemon/log.hpp"

namespace fieldlink {
namespace {

/// `write of boiler setpoint=60`
std::string what(const Command& command) {
    std::string text = foreign_text(command.type);
    if (!command.sensor.empty()) text += " of " + foreign_text(command.sensor);
    if (command.values.empty() && !command.point.empty()) text += " " + foreign_text(command.point);
    for (const auto& [point, value] : command.values)
        text += " " + foreign_text(point) + "=" + foreign_text(value);
    return text;
}

std::string line(const Order& order, ResultStatus status, const std::string& message) {
    const Command& command = order.command;
    std::string text = "command ";
    if (!command.id.empty()) text += foreign_text(command.id) + ", ";
    text += what(command) + ", from " + foreign_text(order.origin.from) + ": " + name_of(status);
    return message.empty() ? text : text + ": " + foreign_text(message);
}

}  // namespace

void audit(const Order& order, ResultStatus status, const std::string& message) {
    const std::string id = foreign_text(order.command.id), from = foreign_text(order.origin.from);
    const std::string sensor = foreign_text(order.command.sensor);
    const auto level = status == ResultStatus::done ? log::Level::notice : log::Level::warning;
    const std::string text = line(order, status, message);
    if (sensor.empty())
        log::write(level, text, {{"FIELDLINK_COMMAND_ID", id}, {"FIELDLINK_FROM", from}});
    else
        log::write(level, text, {{"FIELDLINK_COMMAND_ID", id}, {"FIELDLINK_FROM", from}, {"FIELDLINK_SENSOR", sensor}});
}

}  // namespace fieldlink
