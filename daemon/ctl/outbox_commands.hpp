#pragma once

#include <CLI/App.hpp>
#include <string>

namespace fieldlink {

/// Adds `outbox` with its verbs to the command line. `socket` is read, and `exit_status` written, when a verb runs.
void add_outbox_commands(CLI::App& app, const std::string& socket, int& exit_status);

}  // namespace fieldlink
