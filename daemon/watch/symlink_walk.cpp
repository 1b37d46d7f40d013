#include "daemon/watch/symlink_walk.hpp"

#include <deque>
#include <filesystem>

namespace fieldlink {
namespace {

namespace fs = std::filesystem;

constexpr int kMostSteps = 256;  // a ring of links ends here; the kernel follows 40

fs::file_type type_of(const fs::path& entry) {
    std::error_code error;
    return fs::symlink_status(entry, error).type();
}

}  // namespace

void walk_symlinks(const std::string& path, const std::function<void(const std::string& directory)>& visit) {
    fs::path at = ".";
    const fs::path whole(path);
    std::deque<fs::path> ahead(whole.begin(), whole.end());
    for (int steps = 0; !ahead.empty() && steps < kMostSteps; ++steps) {
        const fs::path entry = at / ahead.front();  // an absolute one takes the place of all before it
        ahead.pop_front();
        if (ahead.empty() || type_of(entry) != fs::file_type::directory) visit(at.string());
        const fs::file_type type = type_of(entry);
        if (type == fs::file_type::directory) {
            at = entry;
        } else if (type == fs::file_type::symlink) {
            std::error_code error;
            const fs::path target = fs::read_symlink(entry, error);
            ahead.insert(ahead.begin(), target.begin(), target.end());
        } else {
            return;  // the file, or where the way ends
        }
    }
}

}  // namespace fieldlink
