#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/net/route.hpp"

namespace fieldlink {

/// Why a connection did not come about.
struct OpenFailure {
    int http_status = 0;                ///< of the answer to the upgrade; 0 if none came
    std::string retry_after;            ///< the answer's Retry-After, as it came
    OpenFault fault = OpenFault::none;  ///< none: the upgrade failed, or was answered by something else
    std::string text;                   ///< for a person; never holds the URL's query, in which the credential is
};

/// One WebSocket at a time.
///
/// [net thread] only. The listener is called from the loop, never from inside a call of this interface, and never about
/// a connection that has ended, was dropped or was replaced by a newer one.
class Transport {
public:
    class Listener {
    public:
        virtual ~Listener() = default;

        /// The step that begins; resolving begins with open(). A plain connection has no
        /// securing.
        virtual void on_step(OpenStep step) = 0;
        virtual void on_opened() = 0;

        /// A whole message of at most 1 MiB, valid during the call.
        virtual void on_text(std::string_view text) = 0;
        virtual void on_binary(std::size_t size) = 0;

        /// It did not come about, or it ended; nothing follows. `code` is that of the other side's close frame, or
        /// 1006.
        virtual void on_failed(const OpenFailure& failure) = 0;
        virtual void on_closed(int code, std::string_view reason) = 0;
    };

    enum class Sent {
        queued,
        not_open,     ///< the connection is ending: on_closed() follows
        not_sendable  ///< never will be: it is not UTF-8
    };

    virtual ~Transport() = default;

    /// Begins to connect, after dropping the connection before. There are no deadlines: whoever finds that a step takes
    /// too long calls drop(). If a name was not resolved in an attempt, the next one goes to where its server answered
    /// last.
    virtual void open(const std::string& url, Listener& listener) = 0;

    virtual Sent send(std::string text) = 0;

    /// Bytes that were sent and that the other side's TCP has not confirmed yet.
    virtual std::size_t unsent_bytes() const = 0;

    /// Sends a close frame after what was sent before. on_closed() follows, at the latest after some seconds.
    virtual void close(int code, std::string_view reason) = 0;

    /// Ends it at once; nothing is reported.
    virtual void drop() = 0;

    /// The end of validity (Unix) of the server's certificate, which was verified. Absent for ws:// and while there is
    /// no connection.
    virtual std::optional<std::chrono::seconds> certificate_ends() const = 0;
};

/// Plain for ws://, TLS for wss://, as the route says.
std::unique_ptr<Transport> make_websocket_transport(boost::asio::io_context& io, const Route& route);

}  // namespace fieldlink
