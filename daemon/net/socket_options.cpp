#include "daemon/net/socket_options.hpp"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace fieldlink {
namespace {

constexpr int kOn = 1;
constexpr int kSendBuffer = 64 * 1024;
constexpr int kUserTimeout = 25'000;  // ms

void set(int socket, int level, int option, int value) {
    static_cast<void>(::setsockopt(socket, level, option, &value, sizeof value));
}

}  // namespace

void tune_uplink_socket(int socket) {
    set(socket, IPPROTO_TCP, TCP_NODELAY, kOn);
    set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, kUserTimeout);
    set(socket, SOL_SOCKET, SO_SNDBUF, kSendBuffer);
}

std::size_t unconfirmed_bytes(int socket) {
    int bytes = 0;
    return ::ioctl(socket, SIOCOUTQ, &bytes) == 0 && bytes > 0 ? static_cast<std::size_t>(bytes) : 0;
}

}  // namespace fieldlink
