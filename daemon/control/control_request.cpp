#include "daemon/control/control_request.hpp"

#include "daemon/json/reader.hpp"

namespace fieldlink {
namespace {

ControlRequest refused(const std::string& why) {
    return {{}, why + R"(; send one JSON object a line, e.g. {"verb":"status"})"};
}

}  // namespace

ControlRequest parse_control_request(std::string_view line) {
    const JsonDocument document(line);
    if (!document.valid()) return refused("this is not JSON: " + document.error());
    if (!document.root().is_object()) return refused("this is no JSON object");
    const auto verb = document.root()["verb"].string();
    if (!verb) return refused("there is no \"verb\", or it is not a string");
    return {std::string(*verb), {}};
}

}  // namespace fieldlink
