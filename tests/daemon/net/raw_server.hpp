#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <string>

namespace fieldlink::test {

/// Accepts connections on 127.0.0.1 and says only what a test has it say, to the newest of them.
class RawServer {
public:
    explicit RawServer(boost::asio::io_context& io) : acceptor_(io, {boost::asio::ip::address_v4::loopback(), 0}) {
        accept();
    }

    std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }
    bool accepted() const { return socket_ != nullptr; }

    /// Blocks if the other side does not read; for short texts.
    void say(const std::string& bytes) { boost::asio::write(*socket_, boost::asio::buffer(bytes)); }

    int native() { return socket_->native_handle(); }

    void start_reading() { read(); }

    void end() { socket_->shutdown(Socket::shutdown_send); }

    /// Ends the connection by a reset.
    void reset() {
        socket_->set_option(boost::asio::socket_base::linger(true, 0));
        socket_->close();
    }

    std::string received;
    bool reads = true;   ///< a connection that comes, from its beginning
    bool ended = false;  ///< the other side has ended it

private:
    using Socket = boost::asio::ip::tcp::socket;
    using error_code = boost::system::error_code;

    void accept() {
        acceptor_.async_accept([this](const error_code& ec, Socket socket) { on_accept(ec, std::move(socket)); });
    }

    void on_accept(const error_code& ec, Socket socket) {
        if (ec) return;
        socket_ = std::make_unique<Socket>(std::move(socket));
        received.clear();
        ended = false;
        if (reads) read();
        accept();
    }

    void read() {
        socket_->async_read_some(boost::asio::buffer(in_),
                                 [this, socket = socket_.get()](const error_code& ec, std::size_t count) {
                                     if (ec != boost::asio::error::operation_aborted && socket == socket_.get())
                                         on_read(ec, count);
                                 });
    }

    void on_read(const error_code& ec, std::size_t count) {
        ended = static_cast<bool>(ec);
        received.append(in_.data(), count);
        if (!ec) read();
    }

    boost::asio::ip::tcp::acceptor acceptor_;
    std::unique_ptr<Socket> socket_;
    std::array<char, 16 * 1024> in_{};
};

}  // namespace fieldlink::test
