#pragma once

#include <deque>

#include "daemon/uplink/backoff.hpp"

namespace fieldlink {

/// How often this gateway may connect, whatever happens: at most `per_minute` times within any minute, over all of its
/// links together. Gateways behind one address share the service's limit. Pure: knows no clock.
class ConnectLimit {
public:
    ConnectLimit(const ReconnectConfig& config, Backoff::Random random);

    /// A minute, and a second for latency: the service sees each connect a little later than it was begun, and not all
    /// of them by the same time.
    static constexpr std::chrono::seconds kMinute{61};

    /// An attempt begins.
    void connecting(Instant now);

    /// The attempt that counts at `then` goes on and counts at `now` instead: what the service counts comes last.
    void still_connecting(Instant then, Instant now);

    /// How long the next attempt has to wait at least; zero if it may begin.
    milliseconds forbidden_for(Instant now) const;

    /// For how long an attempt should be put off that may not begin; zero if it may. Anywhere in max_delay after the
    /// end of the ban: in an outage that a whole fleet has used its connects up in, all bans end at the same moment.
    milliseconds put_off_for(Instant now);

private:
    ReconnectConfig config_;
    Backoff::Random random_;
    std::deque<Instant> recent_;  ///< the last per_minute attempts, ascending
};

}  // namespace fieldlink
