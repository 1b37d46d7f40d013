#pragma once

#include <string>

#include "daemon/json/reader.hpp"

namespace fieldlink {

/// The value over several lines, two blanks a level, ending in a line break; scalars are as they are written. Arrays
/// and objects that hold only scalars and fit into 80 columns stay on their line.
std::string pretty_json(JsonValue value);

}  // namespace fieldlink
