#pragma once

#include <string>

#include "daemon/status_json.hpp"

namespace fieldlink {

/// What is known of the gateway as OpenMetrics 1.0 text: families with TYPE, UNIT and HELP, counters that end in
/// _total, and `# EOF`. Counters of readings count since the outbox file was made, the others since the daemon's start.
std::string open_metrics(const GatewayStatus& status);

}  // namespace fieldlink
