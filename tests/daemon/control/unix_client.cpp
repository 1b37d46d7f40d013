#include "unix_client.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace fieldlink {

UnixClient::UnixClient(boost::asio::io_context& io, const std::string& path)
    : io_(io), socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("cannot connect to " + path);
}

UnixClient::~UnixClient() {
    close();
}

void UnixClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
        if (sent < 0 && errno != EAGAIN) return;
        io_.poll();
    }
}

void UnixClient::close_sending_side() {
    ::shutdown(socket_, SHUT_WR);
}

void UnixClient::close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
}

std::optional<std::string> UnixClient::line() {
    std::array<char, 64 * 1024> chunk{};
    while (true) {
        const std::size_t end = received_.find('\n');
        if (end != std::string::npos) {
            std::string line = received_.substr(0, end);
            received_.erase(0, end + 1);
            return line;
        }
        if (ended_) return std::nullopt;
        io_.poll();
        const ssize_t size = ::recv(socket_, chunk.data(), chunk.size(), 0);
        if (size > 0) received_.append(chunk.data(), static_cast<std::size_t>(size));
        ended_ = size == 0 || (size < 0 && errno != EAGAIN);
    }
}

void settle(boost::asio::io_context& io) {
    while (io.poll() > 0)
        continue;
}

}  // namespace fieldlink
