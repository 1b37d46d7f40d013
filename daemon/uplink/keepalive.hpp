#pragma once

#include "daemon/uplink/timekeeper.hpp"

namespace fieldlink {

/// Whether the other side is still there: a ping after kQuiet without a frame, dead after kDead. Pure: knows no clock.
class Keepalive {
public:
    static constexpr std::chrono::seconds kQuiet{20};
    static constexpr std::chrono::seconds kDead{60};

    void restart(Instant now) { received_ = asked_ = now; }
    void received(Instant now) { received_ = asked_ = now; }
    void pinged(Instant now) { asked_ = now; }

    bool ping_due(Instant now) const { return now >= asked_ + kQuiet; }
    bool dead(Instant now) const { return now >= received_ + kDead; }

    /// When to look again.
    Instant next() const;

private:
    Instant received_, asked_;
};

}  // namespace fieldlink
