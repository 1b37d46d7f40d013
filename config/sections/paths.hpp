#pragma once

#include <string>

#include "config/yaml/section.hpp"

namespace fieldlink {

/// Reads a path; warns of one that depends on where the daemon was started.
void read_path(Section& section, const std::string& key, std::string& target, Report& report);

/// Reports a file that cannot be opened for reading: an error inside the service, a warning elsewhere.
void check_readable_file(const Field& field, const std::string& path, Report& report);

/// Reports a file that everybody on the machine may read or write. True if it did.
bool check_not_open_to_all(const Field& field, const std::string& path, Report& report);

}  // namespace fieldlink
