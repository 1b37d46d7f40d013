#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "config/config.hpp"

namespace fieldlink {

/// What a connection needs after its address was resolved, in this order; without TLS, securing is left out.
enum class OpenStep { connecting, securing, upgrading };

/// What a connection failed at, where the service's HTTP status does not say it.
enum class OpenFault { none, resolve, connect, proxy, tls };

/// Why a connection did not come about.
struct OpenFailure {
    int http_status = 0;      ///< of the answer to the upgrade; 0 if none came
    std::string retry_after;  ///< the answer's Retry-After, as it came
    OpenFault fault = OpenFault::none;
    std::string text;  ///< for a person; never holds the URL's query, in which the credential is
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

        /// The step that begins; resolving begins with open().
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

    /// Begins to connect, after dropping the connection before. Success or failure is reported within the limits of
    /// each step (about 15 s each for DNS, TCP, TLS and the upgrade).
    virtual void open(const std::string& url, Listener& listener) = 0;

    virtual Sent send(std::string text) = 0;

    /// Bytes that were sent and that the other side's TCP has not confirmed yet.
    virtual std::size_t unsent_bytes() const = 0;

    /// Sends a close frame after what was sent before. on_closed() follows, at the latest after some seconds.
    virtual void close(int code, std::string_view reason) = 0;

    /// Ends it at once; nothing is reported.
    virtual void drop() = 0;
};

/// Plain for ws://, TLS 1.2 or later for wss://, with the certificate's chain and host name checked against the
/// system's store or `tls.ca_file`.
std::unique_ptr<Transport> make_websocket_transport(boost::asio::io_context& io, const TlsConfig& tls);

}  // namespace fieldlink
