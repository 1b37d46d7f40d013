#include "config/sections/paths.hpp"

#include <cerrno>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

#include "config/secret.hpp"

namespace fieldlink {

void read_path(Section& section, const std::string& key, std::string& target, Report& report) {
    const std::string before = target;
    section.text(key, target);
    if (target == before || target.front() == '/') return;
    report.warning(*section.find(key),
                   "is relative to wherever the daemon is started; write a path that begins with /");
}

void check_readable_file(const Field& field, const std::string& path, Report& report) {
    struct stat status {};
    std::string fault;
    if (stat(path.c_str(), &status) != 0 || access(path.c_str(), R_OK) != 0) {
        fault = "cannot be read here: " + std::generic_category().message(errno) +
                "; create it, correct the path, or let the service's user read it";
    } else if (!S_ISREG(status.st_mode)) {
        report.error(field, "is not a regular file; name one");
    }
    if (fault.empty()) return;
    if (is_inside_service()) {
        report.error(field, fault);
    } else {
        report.warning(field, fault);
    }
}

bool check_not_open_to_all(const Field& field, const std::string& path, Report& report) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0 || (status.st_mode & (S_IROTH | S_IWOTH)) == 0) return false;
    report.error(field, "everybody on this machine may read or write this file; run: chmod o= " + path);
    return true;
}

}  // namespace fieldlink
