#include "config/sections/disk_space.hpp"

#include <cerrno>
#include <system_error>

#include <sys/statvfs.h>

namespace fieldlink {
namespace {

std::uint64_t size_of_file(const std::filesystem::path& file) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(file, error);
    return error ? 0 : size;
}

}  // namespace

std::optional<DiskSpace> disk_space(const std::filesystem::path& file) {
    std::error_code error;
    std::filesystem::path directory = std::filesystem::absolute(file, error).parent_path();
    struct statvfs status {};
    while (statvfs(directory.c_str(), &status) != 0) {
        if (errno != ENOENT || !directory.has_relative_path()) return std::nullopt;
        directory = directory.parent_path();
    }
    if (status.f_blocks == 0) return std::nullopt;
    DiskSpace space;
    space.capacity = std::uint64_t{status.f_blocks - status.f_bfree + status.f_bavail} * status.f_frsize;
    space.free = std::uint64_t{status.f_bavail} * status.f_frsize;
    for (const char* const suffix : {"", "-wal", "-shm"})
        space.used_already += size_of_file(file.string() + suffix);
    return space;
}

Fit judge_fit(const DiskSpace& space, std::uint64_t size) {
    if (size <= space.free + space.used_already) return Fit::fits;
    return size <= space.capacity && space.used_already > 0 ? Fit::full_now : Fit::never;
}

}  // namespace fieldlink
