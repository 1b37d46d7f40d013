#include "drivers/modbus/tcp_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fieldlink {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// 0, or the errno of the failed attempt.
int finish_connect(int socket, steady_clock::time_point deadline) {
    pollfd waiting{socket, POLLOUT, 0};
    for (;;) {
        const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now()).count();
        const int ready = ::poll(&waiting, 1, static_cast<int>(std::max<decltype(left)>(left, 0)));
        if (ready == 0) return ETIMEDOUT;
        if (ready > 0) break;
        if (errno != EINTR) return errno;
    }
    int failure = 0;
    socklen_t size = sizeof failure;
    ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &failure, &size);
    return failure;
}

/// The connected socket, or -1 with errno.
int connect_one(const addrinfo& to, steady_clock::time_point deadline) {
    const int socket = ::socket(to.ai_family, to.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, to.ai_protocol);
    if (socket < 0) return -1;
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);

    int failure = ::connect(socket, to.ai_addr, to.ai_addrlen) == 0 ? 0 : errno;
    if (failure == EINPROGRESS) failure = finish_connect(socket, deadline);
    if (failure == 0) return socket;
    ::close(socket);
    errno = failure;
    return -1;
}

}  // namespace

int connect_tcp(const TcpAddress& address, milliseconds timeout, std::string& why_not) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int failure = ::getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &found);
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> list(found, ::freeaddrinfo);
    if (failure != 0) {
        why_not = "the name " + address.host + " cannot be resolved: " + ::gai_strerror(failure);
        return -1;
    }
    const auto deadline = steady_clock::now() + timeout;
    for (const addrinfo* to = list.get(); to != nullptr; to = to->ai_next) {
        const int socket = connect_one(*to, deadline);
        if (socket >= 0) return socket;
        why_not = std::strerror(errno);
    }
    return -1;
}

bool is_quiet(int socket) {
    char byte;
    return ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace fieldlink
