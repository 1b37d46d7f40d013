#include "storage/files.hpp"

#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "storage/error.hpp"

namespace fieldlink {
namespace {

constexpr const char* kMark = "user.fieldlink";
constexpr std::string_view kMarked = "outbox";

}  // namespace

void fail_on(const std::string& path, const std::string& doing) {
    const int error = errno;
    throw StorageError(StorageFault::refuse,
                       path + ": cannot " + doing + ": " + std::strerror(error) +
                           "; check that the directory exists and belongs to the user of the service (outbox.path)");
}

std::string directory_of(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

std::string wal_of(const std::string& path) {
    return path + "-wal";
}

void mark_as_outbox(const std::string& path) {
    ::setxattr(path.c_str(), kMark, kMarked.data(), kMarked.size(), 0);
}

void mark_as_salvaged(const std::string& path) {
    constexpr std::string_view kSalvaged = "salvaged";
    ::setxattr(path.c_str(), kMark, kSalvaged.data(), kSalvaged.size(), 0);
}

bool is_marked(const std::string& path) {
    char mark[16];
    const ssize_t size = ::getxattr(path.c_str(), kMark, mark, sizeof mark);
    return size >= 0 && std::string_view(mark, static_cast<std::size_t>(size)) == kMarked;
}

void sync_directory(const std::string& path) {
    const int directory = ::open(directory_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool done = directory >= 0 && ::fsync(directory) == 0;
    if (directory >= 0) ::close(directory);
    if (!done) fail_on(path, "write its directory to disk");
}

}  // namespace fieldlink
