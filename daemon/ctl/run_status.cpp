#include <chrono>

#include "daemon/ctl/answers.hpp"
#include "daemon/ctl/control_connection.hpp"
#include "daemon/ctl/status_view.hpp"
#include "daemon/ctl/terminal.hpp"
#include "daemon/ctl/terminal_text.hpp"
#include "daemon/ctl/verbs.hpp"

namespace fieldlink {

using namespace std::chrono_literals;

int run_status(const ControlOptions& options, std::ostream& out) {
    ControlConnection daemon(options.socket);
    daemon.send(R"({"verb":"status"})");
    const std::string answer = daemon.receive(10s);
    const std::string refusal = refusal_in(answer);
    if (!refusal.empty()) throw ControlError(refusal);
    if (options.json) {
        out << json_for_terminal(status_json_in(answer)) << '\n';
        return 0;
    }
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const Terminal terminal;
    out << status_text(status_in(answer).value_or(StatusReport{}),
                       std::chrono::duration_cast<std::chrono::milliseconds>(now), terminal.style(), terminal.width());
    return 0;
}

}  // namespace fieldlink
