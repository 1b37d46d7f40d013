#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "config/config.hpp"
#include "daemon/uplink/transport.hpp"

namespace fieldlink {

/// One WebSocket connection, from connecting to its end. Lives as long as operations are under way on it, which may be
/// longer than anybody is interested in it. What the calls promise is said in transport.hpp.
class WebsocketSession {
public:
    virtual ~WebsocketSession() = default;

    virtual Transport::Sent send(std::string text) = 0;
    virtual std::size_t unsent_bytes() const = 0;
    virtual void close(int code, std::string_view reason) = 0;

    /// Ends the connection at once. The listener is not called any more.
    virtual void forget() = 0;
};

/// Begins to connect. Throws std::runtime_error that says what is wrong, if it cannot even begin: the URL or a file of
/// `tls`.
std::shared_ptr<WebsocketSession> start_websocket_session(boost::asio::io_context& io, const std::string& url,
                                                          const TlsConfig& tls, Transport::Listener& listener);

}  // namespace fieldlink
