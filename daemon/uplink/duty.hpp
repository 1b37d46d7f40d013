#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "daemon/uplink/frames.hpp"
#include "daemon/uplink/timekeeper.hpp"

namespace fieldlink {

/// What a link's connections are for: publishing, taking commands, or both where one connection does for all. The link
/// makes the connections and tells its duties what comes; they say what they want to send over the wire.
///
/// [net thread] Only the link calls it.
class Duty {
public:
    virtual ~Duty() = default;

    /// The service said welcome and takes frames of `max_frame` bytes.
    virtual void connected(std::size_t max_frame, Instant now) = 0;

    /// The connection, or the attempt to make one, ended. Without a welcome there is nothing to give back.
    virtual void disconnected() = 0;

    /// Does what can be done now. Called after anything was reported here, and at next().
    virtual void work(Instant now) = 0;
    virtual std::optional<Instant> next(Instant now) const = 0;

    /// Both are false if no such request is under way here.
    virtual bool acked(std::uint64_t request, Instant now) = 0;
    virtual bool refused(std::uint64_t request, const ServiceError& error, Instant now) = 0;

    /// False if the message is not meant for this duty.
    virtual bool received(const ChannelMessage&) { return false; }
    virtual bool received(const DirectMessage&) { return false; }

    /// While paused nothing new is begun; acks still count.
    virtual void pause(bool) {}

    /// The service ended the connection with this close code.
    virtual void closed_by_service(int /*code*/) {}

    /// An answer is so late that the connection has to be taken for dead.
    virtual bool answer_is_late(Instant) const { return false; }

    /// The connection is given up as dead.
    virtual void given_up(Instant) {}

    /// What has to be asked for at the beginning was granted, or was given up until the next connection.
    virtual bool is_set_up() const { return true; }

    /// Every request was answered.
    virtual bool nothing_under_way() const { return true; }

    /// There is nothing left to do, as far as is known.
    virtual bool all_done() const { return true; }
};

}  // namespace fieldlink
