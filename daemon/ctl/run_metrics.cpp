#include <chrono>

#include "daemon/ctl/answers.hpp"
#include "daemon/ctl/control_connection.hpp"
#include "daemon/ctl/verbs.hpp"

namespace fieldlink {

using namespace std::chrono_literals;

int run_metrics(const ControlOptions& options, std::ostream& out) {
    ControlConnection daemon(options.socket);
    daemon.send(R"({"verb":"metrics"})");
    const std::string answer = daemon.receive(10s);
    const std::string refusal = refusal_in(answer);
    if (!refusal.empty()) throw ControlError(refusal);
    out << metrics_in(answer);
    return 0;
}

}  // namespace fieldlink
