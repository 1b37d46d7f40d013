#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

namespace fieldlink::test {

/// A WebSocket server on 127.0.0.1 at a port of the system's choice, on the test's own loop. One connection at a time
/// is spoken to: the newest.
class WebsocketServer {
public:
    virtual ~WebsocketServer() = default;

    virtual unsigned short port() const = 0;
    virtual void send(const std::string& text) = 0;
    virtual void send_binary(const std::string& bytes) = 0;
    virtual void close(int code, const std::string& reason) = 0;

    /// Ends the connection without a close frame.
    virtual void cut() = 0;

    int refuse_with = 0;                 ///< answer upgrades with this HTTP status
    std::string body;                    ///< the answer to requests that are no upgrades
    std::vector<std::string> resources;  ///< path and query of all upgrades
    std::vector<std::string> texts;
    unsigned open = 0;  ///< connections that were opened
    std::vector<int> close_codes;
};

std::unique_ptr<WebsocketServer> make_plain_server(boost::asio::io_context& io);

/// With a `client_authority` it wants a certificate of the client, signed by it.
std::unique_ptr<WebsocketServer> make_tls_server(boost::asio::io_context& io, const std::string& certificate,
                                                 const std::string& key, const std::string& client_authority = "");

}  // namespace fieldlink::test
