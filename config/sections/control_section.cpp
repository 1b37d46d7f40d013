#include "config/sections/control_section.hpp"

#include <sys/un.h>

#include "config/sections/paths.hpp"
#include "config/sections/url.hpp"
#include "config/yaml/printable.hpp"

namespace fieldlink {
namespace {

constexpr std::size_t kLongestSocketPath = sizeof(sockaddr_un::sun_path) - 1;

}  // namespace

ControlConfig read_control(Section& root, Report& report) {
    ControlConfig control;
    auto section = root.section("control");
    if (!section) return control;
    read_path(*section, "socket", control.socket, report);
    section->refuse_unknown_keys();
    if (control.socket.size() > kLongestSocketPath) {
        report.error(*section->find("socket"), "is longer than a socket's path can be; write at most " +
                                                   std::to_string(kLongestSocketPath) + " bytes");
    }
    return control;
}

std::string read_metrics_listen(Section& root, Report& report) {
    auto section = root.section("metrics");
    if (!section) return "";
    std::string listen;
    const auto field = section->find("listen");
    section->text("listen", listen);
    section->refuse_unknown_keys();
    if (listen.empty()) return "";
    if (!is_listen_address(listen)) {
        report.error(*field, in_quotes(listen) + " is not ADDRESS:PORT; write e.g. 127.0.0.1:9469");
        return "";
    }
    if (!is_loopback(split_url("http://" + listen)->host))
        report.warning(*field, "shows the names of buses and sensors to whoever reaches " + listen +
                                   ", unencrypted; have a firewall let only Prometheus in");
    return listen;
}

}  // namespace fieldlink
