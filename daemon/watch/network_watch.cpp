#include "daemon/watch/network_watch.hpp"

#include <array>
#include <cerrno>
#include <string>
#include <utility>

#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/log.hpp"

namespace fieldlink {
namespace {

using boost::asio::posix::stream_descriptor;
using boost::system::error_code;

constexpr int kAtOnce = 64;  // datagrams, so that a storm of them leaves the loop to others
constexpr std::size_t kDatagram = 32 * 1024;

void log_failure(int error) {
    log::warning("changes of the network are not noticed, and a retry waits its time: netlink: " +
                 error_code(error, boost::system::system_category()).message() +
                 "; under systemd add AF_NETLINK to the unit's RestrictAddressFamilies=");
}

}  // namespace

NetworkWatch::NetworkWatch(boost::asio::io_context& io, Changed changed)
    : changed_(std::move(changed)), socket_(io), quiet_(io), postbox_(io) {
    if (open())
        await_messages();
    else
        log_failure(errno);
}

bool NetworkWatch::open() {
    const int fd = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (fd < 0) return false;
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        const int error = errno;
        ::close(fd);
        errno = error;
        return false;
    }
    socket_.assign(fd);
    return true;
}

void NetworkWatch::await_messages() {
    socket_.async_wait(stream_descriptor::wait_read,
                       postbox_.guard([this](const error_code& error) { on_messages(error); }));
}

void NetworkWatch::on_messages(const error_code& error) {
    if (error) return;
    bool news = false;
    Heard heard = Heard::chatter;
    for (int i = 0; i < kAtOnce && (heard == Heard::chatter || heard == Heard::news); ++i) {
        heard = read();
        news |= heard == Heard::news;
    }
    if (heard == Heard::failure) return log_failure(errno);
    await_messages();
    if (news) tell();
}

NetworkWatch::Heard NetworkWatch::read() {
    alignas(nlmsghdr) std::array<char, kDatagram> datagram;
    const ssize_t size = ::recv(socket_.native_handle(), datagram.data(), datagram.size(), 0);
    if (size >= 0) return news_.take(datagram.data(), static_cast<std::size_t>(size)) ? Heard::news : Heard::chatter;
    if (errno == EAGAIN) return Heard::silence;
    if (errno == EINTR) return Heard::chatter;
    if (errno != ENOBUFS) return Heard::failure;
    news_.forget();  // more came than the socket holds: something did change
    return Heard::news;
}

void NetworkWatch::tell() {
    if (is_quiet_) {
        is_owed_ = true;
        return;
    }
    is_quiet_ = true;
    quiet_.expires_after(kQuiet);
    quiet_.async_wait(postbox_.guard([this](const error_code& error) { on_quiet_over(error); }));
    changed_();
}

void NetworkWatch::on_quiet_over(const error_code& error) {
    if (error) return;
    is_quiet_ = false;
    if (std::exchange(is_owed_, false)) tell();
}

}  // namespace fieldlink
