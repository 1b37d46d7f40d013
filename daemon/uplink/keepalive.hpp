#pragma once

#include "daemon/uplink/timekeeper.hpp"

namespace fieldlink {

/// Whether the other side is still there: a ping after kQuiet without a frame, dead after kDead without one, or kProbe
/// after a doubt. Pure: knows no clock.
class Keepalive {
public:
    static constexpr std::chrono::seconds kQuiet{20};
    static constexpr std::chrono::seconds kDead{60};

    static constexpr std::chrono::seconds kProbe{10};

    void restart(Instant now) { received(now); }
    void received(Instant now);
    void pinged(Instant now) { ping_at_ = now + kQuiet; }

    /// Something speaks for the other side being gone: a ping is due now, and its answer within kProbe.
    void doubt(Instant now);

    bool ping_due(Instant now) const { return now >= ping_at_; }
    bool dead(Instant now) const { return now >= dead_at_; }

    /// When to look again.
    Instant next() const;

private:
    Instant ping_at_, dead_at_;
};

}  // namespace fieldlink
