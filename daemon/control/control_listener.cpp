#include "daemon/control/control_listener.hpp"

#include <cerrno>
#include <system_error>

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/control/peer.hpp"

namespace fieldlink {
namespace {

using Protocol = boost::asio::local::stream_protocol;

constexpr mode_t kMode = 0660;
constexpr const char* kGroup = "fieldlink";

[[noreturn]] void fail(int error, const std::string& text) {
    throw std::system_error(error, std::generic_category(), text);
}

}  // namespace

ControlListener::ControlListener(boost::asio::io_context& io, std::string path)
    : path_(std::move(path)), acceptor_(io) {
    // The kernel would not say which path it is, nor how long it may be.
    constexpr std::size_t longest = sizeof(sockaddr_un::sun_path) - 1;
    if (path_.empty() || path_.size() > longest)
        fail(ENAMETOOLONG, "control socket " + path_ + ": the path must have 1 to " + std::to_string(longest) +
                               " bytes; set control.socket to a shorter one");
    make_room();
    bind();
}

ControlListener::~ControlListener() {
    struct stat file {};
    const bool ours = ::lstat(path_.c_str(), &file) == 0 && file.st_dev == device_ && file.st_ino == inode_;
    if (ours) ::unlink(path_.c_str());
}

void ControlListener::make_room() const {
    struct stat file {};
    if (::lstat(path_.c_str(), &file) != 0) return;
    if (!S_ISSOCK(file.st_mode))
        fail(EEXIST, "control socket " + path_ +
                         ": there is something that is not a socket; move it away or set "
                         "control.socket to another path");
    boost::asio::io_context io;
    Protocol::socket probe(io, Protocol());
    probe.non_blocking(true);  // a full backlog must not hold up the start
    boost::system::error_code ec;
    probe.connect(Protocol::endpoint(path_), ec);
    if (ec != boost::asio::error::connection_refused)
        fail(EADDRINUSE, "control socket " + path_ +
                             ": another process listens on it; stop the other fieldlinkd "
                             "(systemctl stop fieldlink) or set control.socket to another path");
    ::unlink(path_.c_str());
}

void ControlListener::bind() {
    boost::system::error_code ec;
    acceptor_.open();
    acceptor_.bind(Protocol::endpoint(path_), ec);
    if (ec)
        fail(ec.value(), "control socket " + path_ +
                             ": cannot be created; its directory must exist and be writable "
                             "for this user (the service has /run/fieldlink), or set control.socket to another path");
    remember_file();
    open_to_group();
    // Only now, because nobody can connect before: there is no moment with other rights.
    acceptor_.listen();
}

void ControlListener::remember_file() {
    struct stat file {};
    if (::lstat(path_.c_str(), &file) != 0) return;
    device_ = file.st_dev;
    inode_ = file.st_ino;
}

void ControlListener::open_to_group() const {
    // In the service the file has this group already; a person who tries the daemon out may not give it away, and is
    // then the only one who can connect.
    const auto group = group_named(kGroup);
    [[maybe_unused]] const bool given = group && ::lchown(path_.c_str(), static_cast<uid_t>(-1), *group) == 0;
    if (::chmod(path_.c_str(), kMode) != 0) fail(errno, "control socket " + path_ + ": its mode cannot be set to 0660");
}

}  // namespace fieldlink
