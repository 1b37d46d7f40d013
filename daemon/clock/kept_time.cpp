#include "daemon/clock/kept_time.hpp"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <unistd.h>

namespace fieldlink {
namespace {

using std::chrono::seconds;

constexpr seconds kOften = std::chrono::hours(1);
constexpr std::int64_t kYear2500 = 16'725'225'600;

/// The file is one line of digits; anything else is damage.
seconds read(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line) || file.eof()) return seconds(0);  // without its newline it was cut
    std::int64_t value = 0;
    const char* const end = line.data() + line.size();
    const auto [stopped, error] = std::from_chars(line.data(), end, value);
    const bool is_time = error == std::errc() && stopped == end && value > 0 && value < kYear2500;
    return seconds(is_time ? value : 0);
}

/// True once the bytes are on the disk.
bool write_through(const std::string& path, const std::string& text) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (file < 0) return false;
    const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    const bool synced = written && ::fsync(file) == 0;
    const int why = errno;
    ::close(file);
    errno = why;
    return synced;
}

void sync_folder_of(const std::string& path) {
    const std::filesystem::path parent = std::filesystem::path(path).parent_path();
    const int folder = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return;
    static_cast<void>(::fsync(folder));
    ::close(folder);
}

}  // namespace

KeptTime::KeptTime(std::string path) : path_(std::move(path)), value_(read(path_)) {}

bool KeptTime::keep(seconds time) {
    if (time < value_ + kOften || time.count() >= kYear2500) return true;
    const std::string temporary = path_ + ".new";
    if (!write_through(temporary, std::to_string(time.count()) + "\n")) return false;
    if (std::rename(temporary.c_str(), path_.c_str()) != 0) return false;
    sync_folder_of(path_);
    value_ = time;
    return true;
}

}  // namespace fieldlink
