#include "drivers/driver_library.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fieldlink {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".so";

bool is_driver_name(std::string_view name) {
    constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    return !name.empty() && name.find_first_not_of(kAllowed) == std::string_view::npos;
}

[[noreturn]] void refuse(const fs::path& what, const std::string& why) {
    throw DriverError(what.string() + ": " + why);
}

class OpenFile {
public:
    explicit OpenFile(const fs::path& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) {}
    ~OpenFile() {
        if (fd_ >= 0) ::close(fd_);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    int fd() const { return fd_; }

private:
    int fd_;
};

std::string listed(const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names)
        list += (list.empty() ? "" : ", ") + name;
    return list.empty() ? "none" : list;
}

/// Code from here runs with the daemon's rights, so nobody but root and the daemon's own user may be able to change it.
void check_ownership(const fs::path& path, const struct stat& status) {
    if (status.st_uid != 0 && status.st_uid != ::geteuid())
        refuse(path, "belongs to user " + std::to_string(status.st_uid) +
                         ", who could put any code into the daemon; chown it to root");
    if (status.st_mode & (S_IWGRP | S_IWOTH))
        refuse(path, "can be written by its group or by others; take that away: chmod go-w " + path.string());
}

void check_file(const fs::path& path) {
    const OpenFile file(path);
    if (file.fd() < 0 && errno == ELOOP) refuse(path, "is a symbolic link; put the driver itself there");
    if (file.fd() < 0) refuse(path, std::string("cannot be opened: ") + std::strerror(errno));
    struct stat status {};
    if (::fstat(file.fd(), &status) != 0) refuse(path, std::string("cannot be examined: ") + std::strerror(errno));
    if (!S_ISREG(status.st_mode)) refuse(path, "is not a regular file; a driver is a shared object");
    check_ownership(path, status);
}

void check_directory(const fs::path& directory) {
    struct stat status {};
    if (::stat(directory.c_str(), &status) != 0)
        refuse(directory, std::string("the driver directory cannot be read: ") + std::strerror(errno));
    check_ownership(directory, status);
}

void check_table(const fs::path& path, const fl_driver& table, const std::string& name) {
    if (table.abi_version != FL_DRIVER_ABI_VERSION)
        refuse(path, "was built for driver interface " + std::to_string(table.abi_version) + ", this fieldlinkd has " +
                         std::to_string(FL_DRIVER_ABI_VERSION) + "; install the driver's version for it");
    if (table.size < sizeof(fl_driver))
        refuse(path, "its table has " + std::to_string(table.size) + " bytes instead of " +
                         std::to_string(sizeof(fl_driver)) + "; build it with this version's driver_abi.h");
    if (table.name == nullptr || name != table.name)
        refuse(path, std::string("calls itself \"") + (table.name ? table.name : "") +
                         "\"; a driver's file is named after it, so rename one of them");
    const bool complete = table.version && table.summary && table.bus_keys && table.sensor_keys && table.point_keys &&
                          table.check && table.create && table.destroy && table.open && table.close && table.poll &&
                          table.write;
    if (!complete) refuse(path, "its table has empty entries; a driver fills in all of fl_driver");
}

}  // namespace

DriverLibrary::DriverLibrary(const fs::path& directory) : directory_(fs::absolute(directory).lexically_normal()) {}

const fl_driver& DriverLibrary::load(const std::string& name) {
    const auto known = std::find_if(loaded_.begin(), loaded_.end(), [&](auto* table) { return name == table->name; });
    if (known != loaded_.end()) return **known;

    if (!is_driver_name(name))
        throw DriverError("\"" + name + "\" is not a driver's name; it has only a-z, 0-9, _ and -");
    check_directory(directory_);
    const fs::path path = directory_ / (name + std::string(kSuffix));
    std::error_code ignored;
    if (fs::symlink_status(path, ignored).type() == fs::file_type::not_found)
        throw DriverError("there is no driver \"" + name + "\" in " + directory_.string() +
                          " (there: " + listed(names()) + ")");
    check_file(path);

    void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) refuse(path, std::string("cannot be loaded: ") + ::dlerror());
    const auto* table = static_cast<const fl_driver*>(::dlsym(library, FL_DRIVER_SYMBOL));
    if (table == nullptr) refuse(path, "exports no " FL_DRIVER_SYMBOL ", so it is not a fieldlink driver");
    check_table(path, *table, name);
    loaded_.push_back(table);
    return *table;
}

std::vector<std::string> DriverLibrary::names() const {
    std::vector<std::string> found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(directory_, ignored)) {
        const std::string stem = entry.path().stem().string();
        if (entry.path().extension() == kSuffix && is_driver_name(stem)) found.push_back(stem);
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace fieldlink
