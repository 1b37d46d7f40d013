#pragma once

#include <cstdint>
#include <optional>

#include "daemon/uplink/timekeeper.hpp"

namespace fieldlink {

/// The subscription to the commands channel on one connection: asked for up to kTries times, each with a deadline,
/// until the ack. Pure: knows no clock.
class Subscription {
public:
    static constexpr unsigned kTries = 3;
    static constexpr std::chrono::seconds kPause{2};
    static constexpr std::chrono::seconds kPatience{15};

    enum class Step { wait, ask, given_up };

    /// A new connection.
    void restart(Instant now);

    /// What to do now. `ask` means: send the frame, then call asked(). `given_up` comes once.
    Step step(Instant now);

    void asked(std::uint64_t request, Instant now);

    /// Both are false if the request is not the one that waits.
    bool acked(std::uint64_t request);
    bool refused(std::uint64_t request, Instant now);

    std::optional<Instant> next() const { return next_; }

    /// Granted, or given up until the next connection.
    bool settled() const { return state_ == State::settled; }

private:
    enum class State { settled, pausing, waiting };

    void failed(Instant when);

    State state_ = State::settled;
    std::uint64_t request_ = 0;
    unsigned tries_ = 0;
    std::optional<Instant> next_;
};

}  // namespace fieldlink
