#pragma once

#include "config/config.hpp"
#include "config/yaml/section.hpp"

namespace fieldlink {

BatchConfig read_batch(Section& root);

}  // namespace fieldlink
