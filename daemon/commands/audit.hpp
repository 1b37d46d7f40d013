#pragma once

#include <string>

#include "daemon/commands/order.hpp"
#include "daemon/commands/result.hpp"

namespace fieldlink {

/// The line of the journal that says who had what done, and what came of it; with FIELDLINK_COMMAND_ID= and
/// FIELDLINK_FROM=, and FIELDLINK_SENSOR= where one was named. How many there can be is bounded by commands.rate.
void audit(const Order& order, ResultStatus status, const std::string& message);

}  // namespace fieldlink
