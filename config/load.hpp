#pragma once

#include <filesystem>
#include <optional>

#include "config/config.hpp"
#include "config/driver_keys.hpp"

namespace fieldlink {

/// What a run over the files gave. `config` is there when there was no error (warnings do not count).
struct Loaded {
    std::optional<Config> config;
    Problems problems;
};

/// Reads `file` and the drop-ins of `conf.d/` beside it in name order, and checks everything in one run: syntax, keys,
/// types, ranges, duplicates, references, secrets' files, and, through `drivers`, what belongs to drivers. Opens no
/// device and no network connection. Never throws for what is in the files or missing on disk: that is a Problem.
Loaded load_config(const std::filesystem::path& file, DriverCatalog& drivers);

}  // namespace fieldlink
