#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstdint>
#include <string>

namespace fieldlink {

/// A blocking client in the test's thread.
class HttpClient {
public:
    explicit HttpClient(std::uint16_t port, const char* address = "127.0.0.1") : socket_(io_) {
        socket_.connect({boost::asio::ip::make_address(address), port});
    }

    void send(const std::string& bytes) {
        boost::system::error_code closed;
        boost::asio::write(socket_, boost::asio::buffer(bytes), closed);
    }

    /// Metrics, whose end is known by the text.
    std::string read_metrics() {
        std::string got;
        boost::system::error_code closed;
        while (!closed && got.find("# EOF\n") == std::string::npos)
            got += read_some(closed);
        return got;
    }

    /// Until the server ends the connection.
    std::string read_all() {
        std::string got;
        boost::system::error_code closed;
        while (!closed)
            got += read_some(closed);
        return got;
    }

private:
    static constexpr std::chrono::seconds kPatience{20};  ///< only a broken server makes a client wait for it

    std::string read_some(boost::system::error_code& closed) {
        char bytes[4096];
        std::size_t count = 0;
        const auto take = [&](const boost::system::error_code& ec, std::size_t n) { closed = ec, count = n; };
        socket_.async_read_some(boost::asio::buffer(bytes), take);
        io_.restart();
        if (io_.run_for(kPatience) > 0) return std::string(bytes, count);
        socket_.close();
        io_.run();
        return "and then neither a byte nor the end";
    }

    boost::asio::io_context io_;
    boost::asio::ip::tcp::socket socket_;
};

}  // namespace fieldlink
