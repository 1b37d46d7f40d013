#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/net/last_address.hpp"
#include "daemon/net/route.hpp"

namespace fieldlink {

/// A connection to a server, through a proxy and in TLS if so configured, on which bytes go both ways.
///
/// [net thread] Never blocks. Destroying it ends the connection at once, and nothing is reported any more; that may
/// happen inside each call of the listener.
class ByteStream {
public:
    class Listener {
    public:
        virtual ~Listener() = default;

        /// Connecting or securing begins. Never from inside the constructor.
        virtual void on_step(OpenStep step) = 0;
        virtual void on_connected() = 0;

        /// Valid during the call. A turn of the loop brings 64 KiB at most, so that a fast peer stops nobody else.
        virtual void on_bytes(std::string_view bytes) = 0;

        /// It was not reached, or, once it was, the connection ended, by the other side if there is no text. Nothing
        /// follows.
        virtual void on_unreached(OpenFault fault, const std::string& text) = 0;
        virtual void on_end(const std::string& text) = 0;
    };

    /// Begins to connect to `origin`, http://host:port or https://host:port. There are no deadlines: whoever finds that
    /// it takes too long destroys it. `route`, `last` and `listener` must live as long as this. Throws
    /// std::runtime_error if the origin is none or libcurl cannot be used.
    ByteStream(boost::asio::io_context& io, const std::string& origin, const Route& route, LastAddress& last,
               Listener& listener);
    ~ByteStream();
    ByteStream(const ByteStream&) = delete;
    ByteStream& operator=(const ByteStream&) = delete;

    /// Sends it once connected, after what was given before. What the other side does not take waits in memory; beyond
    /// 4 MiB of it nothing is read either.
    void write(std::string_view bytes);

    /// Hands to the kernel what it takes at once.
    void flush();

    /// Bytes that were written and that the other side's TCP has not confirmed yet.
    std::size_t unsent_bytes() const;

    /// The end of validity (Unix) of the server's certificate, which was verified. Absent if there is none, or not yet.
    std::optional<std::chrono::seconds> certificate_ends() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace fieldlink
