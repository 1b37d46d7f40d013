#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace fieldlink {

/// What a filesystem has room for, in bytes, as far as an ordinary user may use it.
struct DiskSpace {
    std::uint64_t capacity = 0;      ///< if nothing else were on it
    std::uint64_t free = 0;          ///< now
    std::uint64_t used_already = 0;  ///< by the file in question and SQLite's files beside it
};

/// Of the filesystem that holds, or will hold, `file`: that of its nearest directory that exists. Absent if that
/// cannot be found out.
std::optional<DiskSpace> disk_space(const std::filesystem::path& file);

enum class Fit { fits, full_now, never };

/// Whether the file can grow to `size`. A file that exists already is only short of space as long as something else
/// fills the disk; one that is still to be made there has no place.
Fit judge_fit(const DiskSpace& space, std::uint64_t size);

}  // namespace fieldlink
