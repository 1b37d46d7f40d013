#pragma once

#include <filesystem>
#include <ostream>

namespace fieldlink {

/// Where drivers are looked for unless the command line or $FIELDLINK_DRIVER_DIR say otherwise.
std::filesystem::path default_driver_dir();

/// Checks the configuration and writes every problem as a line to `out`, then a summary. Opens no device.
/// Returns the exit status: 0 if there is no error (warnings do not count), else 1.
int run_check(const std::filesystem::path& file, const std::filesystem::path& driver_dir, std::ostream& out);

}  // namespace fieldlink
