#include "daemon/ctl/outbox/daemon_outbox.hpp"

#include "daemon/ctl/answers.hpp"

namespace fieldlink {

using namespace std::chrono_literals;

std::string DaemonOutbox::ask_line(const std::string& line) {
    daemon_.send(line);
    // The storage thread may have a slow card and a commit before it.
    return daemon_.receive(60s);
}

std::string DaemonOutbox::ask(const OutboxRequest& request) {
    return ask_line(to_json(request));
}

std::string DaemonOutbox::stats() {
    const std::string line = ask_line(R"({"verb":"status"})");
    const std::string refusal = refusal_in(line);
    if (!refusal.empty()) throw ControlError(refusal);
    return outbox_json_in(line);
}

std::optional<std::uint64_t> DaemonOutbox::replay_owed() {
    const auto report = status_in(ask_line(R"({"verb":"status"})"));
    return report ? report->outbox.replay_owed_messages : std::nullopt;
}

}  // namespace fieldlink
