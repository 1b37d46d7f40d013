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

/// What a command is about: each is empty if it was not given.
struct CommandOptions {
    std::string type;  ///< `read`, `write` or `poll`
    std::string sensor, point, value;
};

/// Has the daemon carry out a command and shows its result. A result that is not `done` throws ControlError.
int run_command(const ControlOptions& options, const CommandOptions& command, std::ostream& out);

/// For completion: the names of the sensors, or of the points of `sensor`, one a line; nothing if no daemon answers.
int run_complete(const ControlOptions& options, const std::string& what, const std::string& sensor, std::ostream& out);

/// What the gateway counts, as OpenMetrics text.
int run_metrics(const ControlOptions& options, std::ostream& out);

}  // namespace fieldlink
