#include <chrono>

#include "daemon/ctl/answers.hpp"
#include "daemon/ctl/control_connection.hpp"
#include "daemon/ctl/verbs.hpp"

namespace fieldlink {

using namespace std::chrono_literals;

int run_complete(const ControlOptions& options, const std::string& what, const std::string& sensor, std::ostream& out) {
    try {
        ControlConnection daemon(options.socket);
        daemon.send(R"({"verb":"status"})");
        const std::string answer = daemon.receive(1s);
        for (const std::string& name : what == "points" ? point_names_in(answer, sensor) : sensor_names_in(answer))
            out << name << '\n';
    } catch (const ControlError&) {
        // A message would land in the middle of the line that is being typed.
    }
    return 0;
}

}  // namespace fieldlink
