#pragma once

#include "config/config.hpp"
#include "config/yaml/report.hpp"

namespace fieldlink {

/// What no section can judge alone: a telemetry channel with {sensor} that becomes the commands' or results' channel
/// for some sensor, and receipts that nobody may send. `root` is the main file, for the places.
void check_across_sections(const Config& config, const YamlNode& root, Report& report);

/// The place of `path` in the file: of its value, or of the key nearest to it that is written.
Mark find_mark(const YamlNode& root, const std::vector<std::string>& path);

}  // namespace fieldlink
