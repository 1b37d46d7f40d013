#pragma once

#include "daemon/commands/dispatcher.hpp"
#include "daemon/control/control_server.hpp"
#include "daemon/recorder_runner.hpp"
#include "daemon/status_board.hpp"

namespace fieldlink {

/// What the control socket may ask of the daemon: the board answers at once, the storage thread and the buses when they
/// come to it. [net thread] only. All three outlive it.
class ControlDesk : public ControlServer::Host {
public:
    ControlDesk(StatusBoard& board, RecorderRunner& recorder, Dispatcher& dispatcher)
        : board_(board), recorder_(recorder), dispatcher_(dispatcher) {}

    std::string status_json() override { return board_.status_json(); }
    std::string metrics() override { return board_.metrics(); }
    void outbox(const OutboxRequest& request, std::function<void(std::string)> answered) override {
        recorder_.outbox(request, std::move(answered));
    }
    void command(std::string_view json, const std::string& from, std::function<void(std::string)> answered) override {
        dispatcher_.handle_local(json, {from, std::move(answered)});
    }

private:
    StatusBoard& board_;
    RecorderRunner& recorder_;
    Dispatcher& dispatcher_;
};

}  // namespace fieldlink
