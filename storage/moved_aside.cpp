#include "storage/moved_aside.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include <unistd.h>

#include "storage/error.hpp"
#include "storage/files.hpp"

namespace fieldlink {
namespace {

constexpr const char* kDamaged = ".damaged-";

/// What an outbox has however damaged it is: its mark or, where the filesystem keeps none, its application id or its
/// tables' definitions in one of the first pages.
bool looks_like_outbox(const std::string& path) {
    if (is_marked(path)) return true;
    std::ifstream file(path, std::ios::binary);
    std::string beginning(64 * 1024, '\0');
    file.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
    beginning.resize(static_cast<std::size_t>(file.gcount()));
    constexpr std::size_t kApplicationIdAt = 68;  // of a database's header
    return beginning.find("FLOB") == kApplicationIdAt ||
           beginning.find("CREATE TABLE owed(first INTEGER") != std::string::npos;
}

/// The numbers N of PATH.damaged-N, ascending.
std::vector<unsigned long> moved_aside(const std::string& path) {
    namespace fs = std::filesystem;
    const std::string prefix = fs::path(path).filename().string() + kDamaged;
    std::vector<unsigned long> numbers;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(directory_of(path), ignored)) {
        const std::string name = entry.path().filename().string();
        const std::string number = name.substr(std::min(name.size(), prefix.size()));
        const bool digits =
            !number.empty() && number.size() < 9 && number.find_first_not_of("0123456789") == std::string::npos;
        if (name.compare(0, prefix.size(), prefix) == 0 && digits) numbers.push_back(std::stoul(number));
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

}  // namespace

std::string move_aside(const std::string& path) {
    if (!looks_like_outbox(path))
        throw StorageError(StorageFault::refuse,
                           path +
                               ": this is not an outbox; it was left as it is: set another outbox.path, or move "
                               "the file away");
    constexpr std::size_t kKept = 2;
    std::vector<unsigned long> numbers = moved_aside(path);
    numbers.push_back(numbers.empty() ? 1 : numbers.back() + 1);
    const std::string aside = path + kDamaged + std::to_string(numbers.back());
    // The WAL first: without its database it is nothing, but the other way round it would be taken for the new one's.
    const std::string wal = wal_of(path);
    if (::rename(wal.c_str(), wal_of(aside).c_str()) != 0 && errno != ENOENT) fail_on(wal, "move it aside");
    if (::rename(path.c_str(), aside.c_str()) != 0) fail_on(path, "move it aside");
    for (; numbers.size() > kKept; numbers.erase(numbers.begin())) {
        const std::string oldest = path + kDamaged + std::to_string(numbers.front());
        ::unlink(oldest.c_str());
        ::unlink(wal_of(oldest).c_str());
    }
    sync_directory(path);
    return aside;
}

std::string not_salvaged(const std::string& path) {
    const std::vector<unsigned long> numbers = moved_aside(path);
    if (numbers.empty()) return "";
    const std::string newest = path + kDamaged + std::to_string(numbers.back());
    return is_marked(newest) ? newest : "";
}

}  // namespace fieldlink
