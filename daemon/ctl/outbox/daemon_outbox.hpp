#pragma once

#include "daemon/ctl/control_connection.hpp"
#include "daemon/ctl/outbox/outbox_source.hpp"

namespace fieldlink {

/// The outbox of the running daemon, through its control socket.
class DaemonOutbox : public OutboxSource {
public:
    explicit DaemonOutbox(std::string socket) : daemon_(std::move(socket)) {}

    std::string ask(const OutboxRequest& request) override;
    std::string stats() override;
    std::optional<std::uint64_t> replay_owed() override;

private:
    std::string ask_line(const std::string& line);

    ControlConnection daemon_;
};

}  // namespace fieldlink
