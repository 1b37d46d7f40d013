#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "drivers/driver_abi.h"

namespace fieldlink {

/// A driver cannot be used: which file, why, and what to do.
class DriverError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The drivers of one directory, loaded when first asked for and never unloaded (a library that started threads or
/// registered handlers cannot be unloaded safely).
///
/// A file is refused if it, or the directory, is writable by its group or by others, is not a regular file owned by
/// root or by whoever runs the daemon, has another ABI version or a smaller table, or calls itself by another name.
///
/// One thread.
class DriverLibrary {
public:
    /// `directory` is made absolute; nothing is loaded yet.
    explicit DriverLibrary(const std::filesystem::path& directory);

    /// The table of driver `name`. Throws DriverError. Valid for the rest of the process.
    const fl_driver& load(const std::string& name);

    /// Names of the drivers that are there, sorted; none is loaded.
    std::vector<std::string> names() const;

private:
    std::filesystem::path directory_;
    std::vector<const fl_driver*> loaded_;
};

}  // namespace fieldlink
