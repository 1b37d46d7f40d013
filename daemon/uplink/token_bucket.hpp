#pragma once

#include "config/config.hpp"
#include "daemon/uplink/timekeeper.hpp"

namespace fieldlink {

/// How fast frames may be sent, so that the service's own bucket (close code 4011) never runs dry. Every frame counts,
/// pings too. Pure: knows no clock.
class TokenBucket {
public:
    explicit TokenBucket(const RateConfig& config);

    /// A new connection: the bucket is full.
    void restart(Instant now);

    /// When a frame that can wait may go: `now`, or later.
    Instant ready_at(Instant now) const;

    /// A frame goes; one that cannot wait goes on credit.
    void take(Instant now);

    /// The service complained (4011): half the rate and half the burst, growing back to the whole in ten minutes of
    /// being connected.
    void slow_down();

    /// Frames a second that are allowed now.
    double rate() const { return full_.messages * share_; }

private:
    void refill(Instant now);
    double burst() const { return full_.burst * share_; }

    RateConfig full_;
    double share_ = 1;  ///< of the configured rate that is used now
    double tokens_;
    Instant filled_;
};

}  // namespace fieldlink
