#include "daemon/ctl/outbox/file_access.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/ctl/control_connection.hpp"

namespace fieldlink {
namespace {

std::string reason(int error) {
    return std::generic_category().message(error);
}

struct stat look_at(const std::string& path) {
    struct stat file {};
    if (::stat(path.c_str(), &file) != 0)
        throw ControlError(path + ": " + reason(errno) +
                           "; --outbox names an outbox file, that of the service is /var/lib/fieldlink/outbox.db");
    if (!S_ISREG(file.st_mode)) throw ControlError(path + ": this is no file; --outbox names an outbox file");
    return file;
}

void become_owner(const std::string& path, const struct stat& file) {
    if (::geteuid() != 0 || file.st_uid == 0) return;
    const bool done = ::setgroups(1, &file.st_gid) == 0 && ::setresgid(file.st_gid, file.st_gid, file.st_gid) == 0 &&
                      ::setresuid(file.st_uid, file.st_uid, file.st_uid) == 0;
    if (!done)
        throw ControlError(path + ": this process cannot become its owner, user " + std::to_string(file.st_uid) + ": " +
                           reason(errno) + "; run it as that user");
}

std::string name_of(pid_t process) {
    std::string name;
    std::getline(std::ifstream("/proc/" + std::to_string(process) + "/comm"), name);
    return name.empty() ? "" : " (" + name + ")";
}

/// SQLite locks bytes of this range and no others; it would only say that there is a lock, and not whose.
void refuse_if_in_use(const std::string& path) {
    constexpr off_t kFirst = 0x40000000, kBytes = 512;
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0)
        throw ControlError(path + ": " + reason(errno) +
                           "; run it with sudo, or as the user whom the file belongs to (even to look at it, because "
                           "what a crash left beside it is worked in first)");
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = kFirst;
    lock.l_len = kBytes;
    const bool in_use = ::fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    ::close(file);
    if (!in_use) return;
    const std::string who =
        lock.l_pid > 0 ? "process " + std::to_string(lock.l_pid) + name_of(lock.l_pid) : "another process";
    throw ControlError(path + ": " + who +
                       " has it open: leave --outbox away to ask the running daemon, or stop it first (systemctl stop "
                       "fieldlink)");
}

}  // namespace

std::uint64_t prepare_file_access(const std::string& path) {
    const struct stat file = look_at(path);
    become_owner(path, file);
    refuse_if_in_use(path);
    return static_cast<std::uint64_t>(file.st_size);
}

}  // namespace fieldlink
