#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "config/yaml/report.hpp"

namespace fieldlink {

/// Reads a configuration file, without a byte-order mark. Absent when it cannot be read, is no regular file, is larger
/// than 4 MiB or is not UTF-8; the report says which and what to do.
std::optional<std::string> read_text_file(const std::filesystem::path& file, Report& report);

}  // namespace fieldlink
