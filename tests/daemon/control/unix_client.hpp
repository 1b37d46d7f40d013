#pragma once

#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace fieldlink {

/// A client of a server that runs on `io` in this very thread: while it waits, it lets the server work.
/// Nothing is timed; what never comes ends in the test's own timeout.
class UnixClient {
public:
    UnixClient(boost::asio::io_context& io, const std::string& path);
    ~UnixClient();
    UnixClient(const UnixClient&) = delete;
    UnixClient& operator=(const UnixClient&) = delete;

    void send(std::string_view bytes);
    void close_sending_side();
    void close();

    /// The next line without its end; absent once the server has closed the connection.
    std::optional<std::string> line();

private:
    boost::asio::io_context& io_;
    int socket_;
    std::string received_;
    bool ended_ = false;
};

/// Runs what is ready, until nothing is.
void settle(boost::asio::io_context& io);

}  // namespace fieldlink
