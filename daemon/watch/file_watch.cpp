#include "daemon/watch/file_watch.hpp"

#include <array>
#include <cerrno>
#include <utility>

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/log.hpp"
#include "daemon/watch/symlink_walk.hpp"

namespace fieldlink {
namespace {

using boost::asio::posix::stream_descriptor;
using boost::system::error_code;

constexpr std::uint32_t kEvents = IN_ATTRIB | IN_CLOSE_WRITE | IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_FROM |
                                  IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

}  // namespace

FileWatch::FileWatch(boost::asio::io_context& io, std::vector<std::string> paths, Changed changed)
    : FileWatch(io, std::move(paths), std::move(changed), Options()) {}

FileWatch::FileWatch(boost::asio::io_context& io, std::vector<std::string> paths, Changed changed, Options options)
    : paths_(std::move(paths)),
      changed_(std::move(changed)),
      options_(options),
      inotify_(io),
      timer_(io),
      postbox_(io) {
    const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0) {
        log_failure("inotify", errno);
    } else {
        inotify_.assign(fd);
        await_events();
    }
    watch_directories();
    seen_ = fingerprints();
    look_in(options_.look);
}

void FileWatch::await_events() {
    inotify_.async_wait(stream_descriptor::wait_read,
                        postbox_.guard([this](const error_code& error) { on_events(error); }));
}

/// What has happened is told by looking at the files, not by the events: most are about their neighbours.
void FileWatch::on_events(const error_code& error) {
    if (error) return;
    drain();
    await_events();
    if (!std::exchange(settling_, true)) look_in(options_.settle);
}

void FileWatch::drain() {
    std::array<char, 16 * 1024> events;
    while (::read(inotify_.native_handle(), events.data(), events.size()) > 0) {}
}

/// In place of the look that is due.
void FileWatch::look_in(std::chrono::milliseconds time) {
    timer_.expires_after(time);
    timer_.async_wait(postbox_.guard([this](const error_code& error) { on_look(error); }));
}

void FileWatch::on_look(const error_code& error) {
    if (error) return;
    settling_ = false;
    watch_directories();
    const auto before = std::exchange(seen_, fingerprints());
    look_in(options_.look);
    if (seen_ != before) changed_();
}

void FileWatch::watch_directories() {
    if (!inotify_.is_open()) return;
    std::set<int> watches;
    for (const std::string& path : paths_)
        walk_symlinks(path, [this, &watches](const std::string& directory) { watch(directory, watches); });
    for (const int old : std::exchange(watches_, watches))
        if (watches.count(old) == 0) ::inotify_rm_watch(inotify_.native_handle(), old);
}

/// A directory that is watched already keeps its watch.
void FileWatch::watch(const std::string& directory, std::set<int>& watches) {
    const int watch = ::inotify_add_watch(inotify_.native_handle(), directory.c_str(), kEvents);
    if (watch >= 0)
        watches.insert(watch);
    else if (errno != ENOENT)  // gone since: the next look finds out where the way ends now
        log_failure(directory, errno);
}

void FileWatch::log_failure(const std::string& what, int error) {
    if (std::exchange(complained_, true)) return;
    log::warning("a changed credential file is noticed within 10 s instead of at once: " + what + ": " +
                 error_code(error, boost::system::system_category()).message());
}

std::vector<FileWatch::Fingerprint> FileWatch::fingerprints() const {
    std::vector<Fingerprint> all;
    for (const std::string& path : paths_) {
        Fingerprint& print = all.emplace_back();
        struct stat file {};
        if (::stat(path.c_str(), &file) != 0) continue;
        print = {static_cast<long long>(file.st_dev),
                 static_cast<long long>(file.st_ino),
                 file.st_size,
                 file.st_mtim.tv_sec,
                 file.st_mtim.tv_nsec,
                 file.st_ctim.tv_sec,
                 file.st_ctim.tv_nsec};
    }
    return all;
}

}  // namespace fieldlink
