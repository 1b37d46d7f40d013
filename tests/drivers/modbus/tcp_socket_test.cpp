#include "drivers/modbus/tcp_socket.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fieldlink {
namespace {

using namespace std::chrono_literals;

TEST(TcpSocket, IsQuietWhenNothingWaitsAndTheOtherSideIsThere) {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    EXPECT_TRUE(is_quiet(ends[0]));
    ASSERT_EQ(::send(ends[1], "late", 4, 0), 4);
    EXPECT_FALSE(is_quiet(ends[0]));
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST(TcpSocket, IsNotQuietWhenTheOtherSideHasClosed) {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    ::close(ends[1]);
    EXPECT_FALSE(is_quiet(ends[0]));
    ::close(ends[0]);
}

/// A device whose queue of connections is full answers no more.
class SilentListener {
public:
    SilentListener() : listening_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        EXPECT_EQ(::bind(listening_, generic, size), 0);
        EXPECT_EQ(::listen(listening_, 0), 0);
        EXPECT_EQ(::getsockname(listening_, generic, &size), 0);
        for (int& filler : fillers_) {
            filler = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
            (void)!::connect(filler, generic, size);
        }
        port_ = std::to_string(ntohs(address.sin_port));
    }
    ~SilentListener() {
        for (const int filler : fillers_)
            ::close(filler);
        ::close(listening_);
    }
    const std::string& port() const { return port_; }

private:
    int listening_;
    int fillers_[3];
    std::string port_;
};

TEST(TcpSocket, GivesUpConnectingWhenTheTimeIsOver) {
    const SilentListener listener;
    std::string why_not;
    EXPECT_EQ(connect_tcp({"127.0.0.1", listener.port()}, 50ms, why_not), -1);
    EXPECT_EQ(why_not, "Connection timed out");
}

TEST(TcpSocket, ConnectsToAnIpv6Address) {
    const int listening = ::socket(AF_INET6, SOCK_STREAM, 0);
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listening, generic, size) != 0) GTEST_SKIP() << "this machine has no IPv6";
    ASSERT_EQ(::listen(listening, 1), 0);
    ASSERT_EQ(::getsockname(listening, generic, &size), 0);
    std::string why_not;
    const int socket = connect_tcp({"::1", std::to_string(ntohs(address.sin6_port))}, 1s, why_not);
    EXPECT_GE(socket, 0) << why_not;
    ::close(socket);
    ::close(listening);
}

}  // namespace
}  // namespace fieldlink
