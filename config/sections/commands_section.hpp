#pragma once

#include "config/config.hpp"
#include "config/yaml/section.hpp"

namespace fieldlink {

CommandsConfig read_commands(Section& root, Report& report);

}  // namespace fieldlink
