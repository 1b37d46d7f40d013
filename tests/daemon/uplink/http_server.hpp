#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <string>
#include <vector>

namespace fieldlink::test {

/// Answers every request on 127.0.0.1 with the same bytes, or not at all.
class HttpServer {
public:
    explicit HttpServer(boost::asio::io_context& io) : acceptor_(io, {boost::asio::ip::address_v4::loopback(), 0}) {
        accept();
    }

    std::string url() const {
        return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/api/provision?deviceId=gw";
    }

    void answer(const std::string& status, const std::string& body, const std::string& header = "X-None: 1") {
        answer_ = "HTTP/1.1 " + status + "\r\n" + header + "\r\nContent-Length: " + std::to_string(body.size()) +
                  "\r\nConnection: close\r\n\r\n" + body;
    }

    std::vector<std::string> requests;

private:
    using Socket = boost::asio::ip::tcp::socket;
    using error_code = boost::system::error_code;
    struct Client {
        explicit Client(Socket accepted) : socket(std::move(accepted)) {}
        Socket socket;
        std::string received;
    };

    void accept() {
        acceptor_.async_accept([this](const error_code& ec, Socket socket) { on_accept(ec, std::move(socket)); });
    }

    void on_accept(const error_code& ec, Socket socket) {
        if (ec) return;
        Client& client = *clients_.emplace_back(std::make_unique<Client>(std::move(socket)));
        const auto received = [this, &client](const error_code& e, std::size_t) { on_request(e, client); };
        boost::asio::async_read_until(client.socket, boost::asio::dynamic_buffer(client.received), "\r\n\r\n",
                                      received);
        accept();
    }

    void on_request(const error_code& ec, Client& client) {
        if (ec) return;
        requests.push_back(client.received);
        if (answer_.empty()) return;
        const auto written = [&client](const error_code& e, std::size_t) { on_written(e, client); };
        boost::asio::async_write(client.socket, boost::asio::buffer(answer_), written);
    }

    static void on_written(const error_code& ec, Client& client) {
        error_code ignored;
        if (!ec) client.socket.shutdown(Socket::shutdown_send, ignored);
    }

    boost::asio::ip::tcp::acceptor acceptor_;
    std::vector<std::unique_ptr<Client>> clients_;
    std::string answer_;
};

}  // namespace fieldlink::test
