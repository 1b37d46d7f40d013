#pragma once

#include <deque>

#include "daemon/uplink/timekeeper.hpp"

namespace fieldlink {

using std::chrono::milliseconds;

/// How often this gateway may connect, whatever happens: at most `per_minute` times within any minute, over all of its
/// links together. Gateways behind one address share the service's limit. Pure: knows no clock.
class ConnectLimit {
public:
    explicit ConnectLimit(unsigned per_minute) : per_minute_(per_minute) {}

    /// An attempt begins.
    void connecting(Instant now);

    /// How long the next attempt has to wait; zero if it may begin.
    milliseconds forbidden_for(Instant now) const;

private:
    unsigned per_minute_;
    std::deque<Instant> recent_;  ///< the last per_minute attempts
};

}  // namespace fieldlink
