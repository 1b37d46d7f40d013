#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "daemon/uplink/coalescer.hpp"
#include "daemon/uplink/frames.hpp"
#include "daemon/uplink/holds.hpp"
#include "daemon/uplink/loners.hpp"
#include "daemon/uplink/publish_frame.hpp"
#include "daemon/uplink/send_window.hpp"
#include "daemon/uplink/uplink.hpp"
#include "daemon/uplink/wire.hpp"

namespace fieldlink {

/// Takes what is owed and publishes it: within the window, under the rate, around what the service refuses for now.
/// Only an ack settles; whatever else happens, a message stays owed and comes again.
///
/// Messages of one channel that are on hand together share a publish up to the service's limit; it never waits for more
/// to come. What was in a publish that went wrong is sent alone until it was acked.
///
/// What was offered it holds until it is settled or given back, each message once: on hand, under way, or set aside.
///
/// Memory: on hand are less than half a take and one take more, which is at most 1.5 * kTakeMessages messages and
/// 1.5 * kTakeBytes of bodies (one big message more); of what is under way only positions are kept, see SendWindow,
/// and of what is set aside, see Holds.
///
/// [net thread] Calls the host from work() and disconnected() only.
class Publisher {
public:
    /// Keeps its counters, and last_error where messages are concerned, in `status`.
    Publisher(Uplink::Host& host, Wire& wire, UplinkStatus& status);

    /// The service said welcome and takes frames of `max_frame` bytes.
    void connected(std::size_t max_frame, Instant now);

    /// Settles what was acked and gives all else back. Nothing happens if there was no welcome.
    void disconnected();

    /// While paused nothing new is published; acks still count.
    void pause(bool paused) { paused_ = paused; }

    void offer(std::vector<StoredMessage> messages);
    void more_is_owed() { more_ = true; }

    /// False if no such publish is under way.
    bool acked(std::uint64_t request, Instant now);
    bool refused(std::uint64_t request, const ServiceError& error, Instant now);

    /// Does what can be done now. To be called after any of the above and at next().
    void work(Instant now);
    std::optional<Instant> next(Instant now) const;

    bool ack_is_late(Instant now) const;

    /// The service closes the connection because of a frame, nobody knows which: all that are under way are suspect.
    void suspect_all() { loners_.add(window_.positions()); }

    /// The connection is given up because acks are late: those publishes are suspect.
    void suspect_late(Instant now) { loners_.add(window_.late_positions(now)); }

    bool nothing_under_way() const { return window_.empty(); }

    /// Nothing is owed as far as is known, save what the service refuses.
    bool all_published() const;

private:
    static constexpr std::size_t kTakeMessages = 512, kTakeBytes = 256 * 1024;

    enum class Next { go_on, wait };

    Next publish_next(Instant now);
    Coalescer::Plan plan(std::size_t max_size, Instant now) const;
    Next send(PublishFrame frame, const std::vector<std::size_t>& places, Flight flight, Instant now);
    void set_front_aside(Instant now);
    Holds::Held hold(const Flight& flight, const Refusal& why, Instant now);
    void not_sendable(const Flight& flight, Instant now);
    void too_big(const StoredMessage& message, std::size_t size);
    void settle();
    void forget();
    void give_back(const std::vector<std::int64_t>& positions);
    std::vector<std::int64_t> all_held();
    void ask_for_more(Instant now);

    Uplink::Host& host_;
    Wire& wire_;
    UplinkStatus& status_;
    SendWindow window_;
    Holds holds_;
    Loners loners_;
    Coalescer offered_;
    std::vector<std::int64_t> settled_;  ///< acked, the host does not know yet
    std::vector<std::int64_t> too_big_;  ///< for this connection
    std::vector<std::int64_t> stale_;    ///< offered for a connection that ended; to be given back
    std::size_t max_frame_ = 0, max_frame_complained_ = 0;
    Instant watched_;  ///< when the transport was last looked at
    bool connected_ = false;
    bool paused_ = false;
    bool more_ = false;            ///< something may be owed that was not taken yet
    bool asked_ = false;           ///< take() was called, offer() is due
    bool offer_is_stale_ = false;  ///< the offer that is due is for a connection that ended
};

}  // namespace fieldlink
