#pragma once

#include <functional>
#include <optional>

#include "config/config.hpp"
#include "daemon/uplink/timekeeper.hpp"

namespace fieldlink {

/// What kind of waiting a failure asks for.
enum class Retry {
    at_once,  ///< no delay, if the connection that ended had an ack; else as normal
    normal,   ///< exponential with full jitter
    slow,     ///< the same on top of a floor: a person has to do something first
    spread    ///< the whole fleet was disconnected: anywhere within max_delay, on top of a floor
};

/// How long to wait before the next connect. Knows no clock, no timer, no socket, and cannot give up: there is always
/// a next delay.
///
/// Delays start over only after a connection that stayed for a minute and had an ack. ConnectLimit comes on top of
/// them.
class Backoff {
public:
    /// Uniform in [0, 1).
    using Random = std::function<double()>;

    static constexpr milliseconds kLeast{250};
    static constexpr std::chrono::seconds kStable{60};

    Backoff(const ReconnectConfig& config, Random random);

    /// An attempt begins.
    void connecting() { ++attempts_; }

    /// The service said welcome.
    void welcomed(Instant now);
    void acked();

    /// The attempt or the connection has ended; how long to wait. `floor` is the least, to which jitter is added.
    milliseconds next(Retry retry, milliseconds floor, Instant now);

    /// Since the last stable connection.
    unsigned attempts() const { return attempts_; }

private:
    bool end_connection(Instant now);
    milliseconds jittered(milliseconds most);

    ReconnectConfig config_;
    Random random_;
    milliseconds delay_;  ///< the upper end for the next jitter
    unsigned attempts_ = 0;
    std::optional<Instant> welcomed_;
    bool acked_ = false;
};

}  // namespace fieldlink
