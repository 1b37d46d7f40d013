#pragma once

#include <string>
#include <vector>

#include "config/yaml/report.hpp"

namespace fieldlink {

/// Keys that are read and checked, but that nothing acts on yet. When a feature comes, its row goes.
const LaterKeys& later_keys();

/// Drivers that a configuration may name although they are not built yet: their buses and sensors are skipped.
const std::vector<std::string>& later_drivers();

}  // namespace fieldlink
