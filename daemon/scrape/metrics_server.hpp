#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace fieldlink {

/// How long the metrics server waits.
struct MetricsPatience {
    std::chrono::milliseconds request{
        10'000};  ///< for a whole request, the first or the next; for taking the answer, too
    std::chrono::milliseconds rebind{10'000};  ///< before it tries again to listen
};

/// Serves `GET /metrics` and `HEAD /metrics` over HTTP/1.1: OpenMetrics text, for Prometheus. Another path is answered
/// with 404, another method with 405.
///
/// An address that cannot be listened on is logged once and tried again, so that metrics keep no gateway from running.
///
/// [net thread] only; nothing blocks. At most 8 connections, of which a further one is closed at once, and 8 KiB for
/// the header of a request. Who is too slow is cut off. Nobody is asked who he is, and nothing is encrypted.
class MetricsServer {
public:
    static constexpr std::size_t kMaxConnections = 8;
    static constexpr std::uint32_t kMaxHeader = 8 * 1024;

    /// Listens at `listen`, which is ADDRESS:PORT, with an IPv6 address in brackets; localhost is 127.0.0.1. `metrics`
    /// is called for each answer, and never after the destruction.
    MetricsServer(boost::asio::io_context& net, const std::string& listen, std::function<std::string()> metrics,
                  const MetricsPatience& patience = MetricsPatience());

    /// Ends all connections. `net` may still be run afterwards.
    ~MetricsServer();
    MetricsServer(const MetricsServer&) = delete;
    MetricsServer& operator=(const MetricsServer&) = delete;

    /// Where it listens; 0 while it does not.
    std::uint16_t port() const;

private:
    class Impl;
    std::shared_ptr<Impl> impl_;  ///< shared with what is under way, which only looks whether it is still there
};

}  // namespace fieldlink
