#pragma once

#include <cstdint>
#include <optional>
#include <unordered_set>
#include <vector>

#include "daemon/uplink/coalescer.hpp"
#include "daemon/uplink/duty.hpp"
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
/// Memory: on hand are less than half a take and one take more, which is at most 1.5 * kTakeMessages messages and
/// 1.5 * kTakeBytes of bodies (one big message more); of what is under way only positions are kept, see SendWindow.
///
/// [net thread] Calls the host from work() and disconnected() only.
class Publisher final : public Duty {
public:
    /// Keeps its counters, and last_error where messages are concerned, in `status`.
    Publisher(Uplink::Host& host, Wire& wire, UplinkStatus& status);

    void offer(std::vector<StoredMessage> messages);
    void more_is_owed() { more_ = true; }

    void connected(std::size_t max_frame, Instant now) override;

    /// Settles what was acked and gives the rest back.
    void disconnected() override;

    void pause(bool paused) override { paused_ = paused; }
    bool acked(std::uint64_t request, Instant now) override;
    bool refused(std::uint64_t request, const ServiceError& error, Instant now) override;
    void work(Instant now) override;
    std::optional<Instant> next(Instant now) const override;
    bool answer_is_late(Instant now) const override;

    /// The service found a frame invalid or too big, nobody knows which: all that are under way are suspect.
    void closed_by_service(int code) override;

    /// Those publishes whose acks are late are suspect.
    void given_up(Instant now) override { loners_.add(window_.late_positions(now)); }

    bool nothing_under_way() const override { return window_.empty(); }

    /// Nothing is owed as far as is known, save what the service refuses.
    bool all_done() const override;

private:
    static constexpr std::size_t kTakeMessages = 512, kTakeBytes = 256 * 1024;

    enum class Next { go_on, wait };

    Next publish_next(Instant now);
    Coalescer::Plan plan(std::size_t max_size, Instant now) const;
    Next send(PublishFrame frame, const std::vector<std::size_t>& places, Flight flight, Instant now);
    bool comes_again(const StoredMessage& message, Instant now) const;
    void not_sendable(const Flight& flight, Instant now);
    void too_big(const StoredMessage& message, std::size_t size);
    void settle();
    void forget();
    void take_all_again();
    void ask_for_more(Instant now);

    Uplink::Host& host_;
    Wire& wire_;
    UplinkStatus& status_;
    SendWindow window_;
    Holds holds_;
    Loners loners_;
    Coalescer offered_;
    std::vector<std::int64_t> settled_;       ///< acked, the host does not know yet
    std::unordered_set<std::int64_t> taken_;  ///< offered and not settled
    std::unordered_set<std::int64_t> under_way_when_retaken_;
    std::size_t max_frame_ = 0, max_frame_complained_ = 0;
    Instant watched_;  ///< when the transport was last looked at
    bool connected_ = false;
    bool paused_ = false;
    bool more_ = false;   ///< something may be owed that was not taken yet
    bool asked_ = false;  ///< take() was called, offer() is due
};

}  // namespace fieldlink
