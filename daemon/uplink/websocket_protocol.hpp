#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/uplink/transport.hpp"

namespace fieldlink {

/// The WebSocket protocol of one connection, on the client's side: bytes come in, bytes and messages go out. Knows no
/// socket and no clock. Calls its listener from inside begin(), feed() and end() only, and must not be destroyed then.
class WebsocketProtocol {
public:
    using Write = std::function<void(std::string_view)>;

    virtual ~WebsocketProtocol() = default;

    /// The server that the URL names, as http://host:port or https://host:port: without the credential.
    virtual std::string origin() const = 0;

    /// The server is reached: asks for the upgrade.
    virtual void begin() = 0;

    /// Bytes that came. What comes after the end is ignored.
    virtual void feed(std::string_view bytes) = 0;

    /// No more will come; `text` says why. Reports the end, if that was not done before.
    virtual void end(const std::string& text) = 0;

    virtual Transport::Sent send(std::string text) = 0;
    virtual void close(int code, std::string_view reason) = 0;

    /// A close frame was sent, and the other side is still to end the connection.
    virtual bool is_closing() const = 0;

    /// The listener is not called any more.
    virtual void forget() = 0;
    virtual bool is_over() const = 0;  ///< forgotten, or the end was reported
};

/// Throws std::runtime_error if `url` is none. `write` gets what has to be sent, and does not call back.
std::unique_ptr<WebsocketProtocol> make_websocket_protocol(const std::string& url, Transport::Listener& listener,
                                                           WebsocketProtocol::Write write);

}  // namespace fieldlink
