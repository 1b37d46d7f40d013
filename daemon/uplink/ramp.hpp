#pragma once

#include "daemon/uplink/timekeeper.hpp"

namespace fieldlink {

/// How fast a new connection is filled: kFirst frames a second at first, twice as many after every second whose acks
/// all came within kQuick of their frames. Slow acks, or none, leave it where it is. Once it has reached the full rate
/// it is out of the way until the next connection. Pure: knows no clock.
class Ramp {
public:
    static constexpr double kFirst = 10;  ///< frames a second
    static constexpr std::chrono::seconds kQuick{1};

    /// A new connection, on which `full_rate` frames a second are allowed.
    void restart(double full_rate, Instant now);

    /// A frame goes that is held up by the ramp.
    void take(Instant now);

    /// The ack of a frame came so long after it was sent.
    void acked(Instant::duration after, Instant now);

    /// When the next frame may go: `now`, or later.
    Instant ready_at(Instant now) const;

    bool is_ramping() const { return rate_ < full_rate_; }

    /// Frames a second; means nothing unless it is ramping.
    double rate() const { return rate_; }

private:
    double rate_ = 0, full_rate_ = 0;
    Instant next_;         ///< when the next frame may go
    Instant second_ends_;  ///< the second that is judged
    bool all_quick_ = true;
};

}  // namespace fieldlink
