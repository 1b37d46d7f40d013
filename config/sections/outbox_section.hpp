#pragma once

#include "config/config.hpp"
#include "config/yaml/section.hpp"

namespace fieldlink {

/// Reads `outbox:`, and looks whether the filesystem it names can hold it.
OutboxConfig read_outbox(Section& root, Report& report);

}  // namespace fieldlink
