#pragma once

#include <string>

#include "config/config.hpp"
#include "config/yaml/section.hpp"

namespace fieldlink {

ControlConfig read_control(Section& root, Report& report);

/// Where metrics are served, empty if nowhere.
std::string read_metrics_listen(Section& root, Report& report);

}  // namespace fieldlink
