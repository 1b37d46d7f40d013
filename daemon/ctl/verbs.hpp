#pragma once

#include <ostream>
#include <string>

/// The verbs that speak to the daemon. Each returns the exit status and throws ControlError if it cannot be reached.
namespace fieldlink {

/// How the daemon is reached and how the answer is written.
struct ControlOptions {
    std::string socket = "/run/fieldlink/control.sock";
    bool json = false;
};

int run_status(const ControlOptions& options, std::ostream& out);

/// Follows the readings until Ctrl-C: a live table on a terminal, else a line for each reading.
int run_tail(const ControlOptions& options, std::ostream& out);

/// What the gateway counts, as OpenMetrics text.
int run_metrics(const ControlOptions& options, std::ostream& out);

}  // namespace fieldlink
