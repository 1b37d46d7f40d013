#include "daemon/ctl/control_connection.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace fieldlink {
namespace {

using Clock = std::chrono::steady_clock;

std::string reason(int error) {
    return std::generic_category().message(error);
}

std::string why_not_connected(const std::string& path, int error) {
    switch (error) {
        case EACCES:
        case EPERM:
            return path +
                   ": permission denied: become a member of the group fieldlink (sudo adduser $USER fieldlink, " +
                   "then log in again), or use sudo";
        case EAGAIN:
            return path + ": the daemon does not accept connections: systemctl status fieldlink";
        case ENOENT:
        case ECONNREFUSED:
            return "no answer on " + path + ": is the daemon running? systemctl status fieldlink";
        default:
            return "no answer on " + path + ": " + reason(error);
    }
}

}  // namespace

ControlConnection::ControlConnection(std::string path)
    : path_(std::move(path)), socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    if (socket_ < 0) throw ControlError("no socket to be had: " + reason(errno));
    try {
        connect();
    } catch (const ControlError&) {
        ::close(socket_);
        throw;
    }
}

ControlConnection::~ControlConnection() {
    ::close(socket_);
}

void ControlConnection::connect() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path_.size() >= sizeof address.sun_path) throw ControlError(path_ + ": too long for the path of a socket");
    std::memcpy(address.sun_path, path_.data(), path_.size());
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (::connect(socket_, generic, sizeof address) != 0) throw ControlError(why_not_connected(path_, errno));
}

void ControlConnection::send(std::string_view line) {
    std::string out = std::string(line) + '\n';
    while (!out.empty()) {
        const ssize_t sent = ::send(socket_, out.data(), out.size(), MSG_NOSIGNAL);
        if (sent >= 0) {
            out.erase(0, static_cast<std::size_t>(sent));
            continue;
        }
        if (errno == EPIPE || errno == ECONNRESET) return;
        if (errno != EAGAIN && errno != EINTR) throw ControlError(path_ + ": " + reason(errno));
        pollfd writable{socket_, POLLOUT, 0};
        ::poll(&writable, 1, -1);
    }
}

std::string ControlConnection::receive(std::chrono::milliseconds patience) {
    const Clock::time_point deadline = Clock::now() + patience;
    while (true) {
        if (auto line = take_line()) return *line;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0)
            throw ControlError("no answer on " + path_ + " within " + std::to_string(patience.count() / 1000) +
                               " s: the daemon hangs; journalctl -u fieldlink, systemctl restart fieldlink");
        pollfd readable{socket_, POLLIN, 0};
        if (::poll(&readable, 1, static_cast<int>(left.count())) > 0) fill();
    }
}

void ControlConnection::fill() {
    std::array<char, 16 * 1024> chunk{};
    const ssize_t size = ::recv(socket_, chunk.data(), chunk.size(), 0);
    if (size > 0) {
        received_.append(chunk.data(), static_cast<std::size_t>(size));
        return;
    }
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    throw ControlError(
        "the daemon has closed the connection: it was stopped, or did not get rid of its output here; "
        "systemctl status fieldlink");
}

std::optional<std::string> ControlConnection::take_line() {
    const std::size_t end = received_.find('\n');
    if (end == std::string::npos) return std::nullopt;
    std::string line = received_.substr(0, end);
    received_.erase(0, end + 1);
    return line;
}

}  // namespace fieldlink
