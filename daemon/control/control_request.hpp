#pragma once

#include <string>
#include <string_view>

namespace fieldlink {

/// What a client asks for.
struct ControlRequest {
    std::string verb;
    std::string problem;  ///< what is wrong with the line and what to write instead; empty if nothing is
};

ControlRequest parse_control_request(std::string_view line);

}  // namespace fieldlink
