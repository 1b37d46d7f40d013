#pragma once

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <string>
#include <vector>

namespace fieldlink::test {

/// An HTTP proxy on 127.0.0.1 that leads a CONNECT to 127.0.0.1 at the port asked for, whatever the host is called.
class ProxyServer {
public:
    explicit ProxyServer(boost::asio::io_context& io)
        : io_(io), acceptor_(io, {boost::asio::ip::address_v4::loopback(), 0}) {
        accept();
    }

    std::string address() const { return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }

    std::string refusal;   ///< what it answers instead of connecting; empty: it connects
    std::string password;  ///< what must stand in a request, else it answers 407; empty: nothing
    bool silent = false;   ///< never answers
    std::vector<std::string> requests;

private:
    using Socket = boost::asio::ip::tcp::socket;
    using error_code = boost::system::error_code;

    struct Tunnel {
        Tunnel(Socket accepted, boost::asio::io_context& io) : client(std::move(accepted)), server(io) {}
        Socket client, server;
        std::string request;
        std::array<char, 16 * 1024> up{}, down{};
    };
    using TunnelPtr = std::shared_ptr<Tunnel>;

    void accept() {
        acceptor_.async_accept([this](const error_code& ec, Socket socket) { on_accept(ec, std::move(socket)); });
    }

    void on_accept(const error_code& ec, Socket socket) {
        if (ec) return;
        read_request(std::make_shared<Tunnel>(std::move(socket), io_));
        accept();
    }

    void read_request(const TunnelPtr& tunnel) {
        boost::asio::async_read_until(tunnel->client, boost::asio::dynamic_buffer(tunnel->request), "\r\n\r\n",
                                      [this, tunnel](const error_code& ec, std::size_t) {
                                          if (!ec) answer(tunnel);
                                      });
    }

    void answer(const TunnelPtr& tunnel) {
        const std::string request = std::exchange(tunnel->request, "");
        requests.push_back(request);
        if (silent) return read_request(tunnel);  // until the other side ends it
        if (!password.empty() && request.find(password) == std::string::npos) {
            const std::string wants =
                "HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=\"plant\"\r\n"
                "Content-Length: 0\r\n\r\n";
            boost::asio::write(tunnel->client, boost::asio::buffer(wants));
            return read_request(tunnel);
        }
        const std::string text = refusal.empty() ? "HTTP/1.1 200 Go\r\n\r\n" : refusal;
        boost::asio::write(tunnel->client, boost::asio::buffer(text));
        if (refusal.empty()) open(tunnel, request);
    }

    static void open(const TunnelPtr& tunnel, const std::string& request) {
        const std::size_t colon = request.find(':');
        const auto port = static_cast<unsigned short>(std::stoul(request.substr(colon + 1)));
        tunnel->server.connect({boost::asio::ip::address_v4::loopback(), port});
        pump(tunnel, tunnel->client, tunnel->server, tunnel->up);
        pump(tunnel, tunnel->server, tunnel->client, tunnel->down);
    }

    static void pump(const TunnelPtr& tunnel, Socket& from, Socket& to, std::array<char, 16 * 1024>& buffer) {
        from.async_read_some(boost::asio::buffer(buffer), [&, tunnel](const error_code& ec, std::size_t count) {
            error_code failed = ec;
            if (!failed) boost::asio::write(to, boost::asio::buffer(buffer, count), failed);
            if (!failed) return pump(tunnel, from, to, buffer);
            to.shutdown(Socket::shutdown_send, failed);
        });
    }

    boost::asio::io_context& io_;
    boost::asio::ip::tcp::acceptor acceptor_;
};

}  // namespace fieldlink::test
