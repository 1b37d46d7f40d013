#pragma once

#include <string>

#include "daemon/commands/command.hpp"
#include "daemon/polling/bus_command.hpp"

namespace fieldlink {

enum class ResultStatus { done, rejected, failed, expired };

const char* name_of(ResultStatus status);
ResultStatus status_of(BusAnswer::Status status);

/// The JSON object of a `result` message.
std::string result_json(const Command& command, ResultStatus status, const std::string& message);

/// The same for what a bus answered: with the values as the device holds them, if they could be read.
std::string result_json(const Command& command, const BusAnswer& answer);

/// The same with a value, which is JSON.
std::string result_json(const Command& command, ResultStatus status, const std::string& value_json,
                        const std::string& message);

}  // namespace fieldlink
