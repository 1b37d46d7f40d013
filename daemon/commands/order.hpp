#pragma once

#include <functional>
#include <string>

#include "daemon/commands/command.hpp"

namespace fieldlink {

/// Who gave a command, and where its result goes.
struct Origin {
    std::string from;  ///< the sender's peerId; `local:NAME` for a person on this machine

    /// Set for a person on this machine, who waits for the result at the control socket; else it goes to the results
    /// channel.
    std::function<void(std::string)> answered;

    bool is_local() const { return answered != nullptr; }
};

/// A command and who gave it.
struct Order {
    Command command;
    Origin origin;
};

}  // namespace fieldlink
