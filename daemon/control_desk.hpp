#pragma once

#include "daemon/control/control_server.hpp"
#include "daemon/recorder_runner.hpp"
#include "daemon/status_board.hpp"

namespace fieldlink {

/// What the control socket may ask of the daemon: the board answers at once, the storage thread when it comes to it.
/// [net thread] only. Both outlive it.
class ControlDesk : public ControlServer::Host {
public:
    ControlDesk(StatusBoard& board, RecorderRunner& recorder) : board_(board), recorder_(recorder) {}

    std::string status_json() override { return board_.status_json(); }
    std::string metrics() override { return board_.metrics(); }
    void outbox(const OutboxRequest& request, std::function<void(std::string)> answered) override {
        recorder_.outbox(request, std::move(answered));
    }

private:
    StatusBoard& board_;
    RecorderRunner& recorder_;
};

}  // namespace fieldlink
