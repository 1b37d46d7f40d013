#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "daemon/net/last_address.hpp"
#include "daemon/uplink/transport.hpp"

namespace fieldlink {

/// One WebSocket connection, from connecting to its end. What the calls promise is said in transport.hpp.
class WebsocketSession {
public:
    virtual ~WebsocketSession() = default;

    virtual Transport::Sent send(std::string text) = 0;
    virtual std::size_t unsent_bytes() const = 0;
    virtual void close(int code, std::string_view reason) = 0;

    virtual std::optional<std::chrono::seconds> certificate_ends() const = 0;

    /// Ends the connection at once. The listener is not called any more. To be called before the last pointer goes.
    virtual void forget() = 0;
};

/// Begins to connect. `route`, `last` and `listener` must live until forget() or the end is reported. Throws
/// std::runtime_error that says what is wrong, if it cannot even begin.
std::shared_ptr<WebsocketSession> start_websocket_session(boost::asio::io_context& io, const std::string& url,
                                                          const Route& route, LastAddress& last,
                                                          Transport::Listener& listener);

}  // namespace fieldlink
