#pragma once

#include <cstdint>
#include <optional>
#include <unordered_set>
#include <vector>

#include "daemon/uplink/coalescer.hpp"
#include "daemon/uplink/deliveries.hpp"
#include "daemon/uplink/duty.hpp"
#include "daemon/uplink/frames.hpp"
#include "daemon/uplink/publish_frame.hpp"
#include "daemon/uplink/ramp.hpp"
#include "daemon/uplink/send_window.hpp"
#include "daemon/uplink/uplink.hpp"
#include "daemon/uplink/wire.hpp"

namespace fieldlink {

/// Takes what is owed and publishes it: within the window, under the rate, around what the service refuses for now.
/// What goes next is decided here; what an answer means, in Deliveries.
///
/// Messages of one channel that are on hand together share a publish up to the service's limit; it never waits for more
/// to come. What was in a publish that went wrong is sent alone until it was acked. A readings message that fits no
/// frame goes in parts.
///
/// What was offered it holds until it is settled or given back, each message once: on hand, under way, set aside, or
/// waiting for its receipt.
///
/// Memory: on hand are less than a take and one take more, which is at most 2 * kTakeMessages messages and
/// 2 * kTakeBytes of bodies (one big message more); of what is under way only positions are kept, see SendWindow,
/// and of what is set aside, see Holds.
///
/// [net thread] Calls the host from work() and disconnected() only.
class Publisher final : public Duty {
public:
    /// Keeps its counters, and last_error where messages are concerned, in `status`.
    Publisher(Uplink::Host& host, Wire& wire, UplinkStatus& status, const UplinkConfig& config);

    void offer(std::vector<StoredMessage> messages);
    void more_is_owed() { more_ = appended_ = true; }
    void receipt(const Receipt& receipt, Instant now);

    void connected(std::size_t max_frame, Instant now) override;

    /// Settles what was acked or confirmed and gives all else back, save what awaits a receipt.
    void disconnected() override;

    void pause(bool paused) override { paused_ = paused; }
    bool acked(std::uint64_t request, Instant now) override;
    bool refused(std::uint64_t request, const ServiceError& error, Instant now) override;
    void work(Instant now) override;
    std::optional<Instant> next(Instant now) const override;
    bool answer_is_late(Instant now) const override;

    /// With some codes because of a frame, and unless only one is under way nobody knows which.
    void closed_by_service(int code) override { deliveries_.closed_by_service(code, window_, worked_); }

    /// Those publishes whose acks are late are suspect.
    void given_up(Instant now) override { deliveries_.suspect(window_.late_positions(now)); }

    bool nothing_under_way() const override { return window_.empty(); }

    /// Nothing is owed as far as is known, save what the service refuses.
    bool all_done() const override;

private:
    static constexpr std::size_t kTakeMessages = 512, kTakeBytes = 256 * 1024;

    enum class Next { go_on, wait };
    using Way = Deliveries::Way;

    // publisher.cpp: the connection, and what comes in
    void give_back(std::vector<std::int64_t> positions);
    std::vector<std::int64_t> all_held();
    void report_rate();
    void ask_for_more(Instant now);

    // publisher_sending.cpp: what goes next
    Next publish_next(Instant now);
    Next publish_whole(Way way, Instant now);
    Next publish_part(Instant now);
    Next too_big(std::size_t size);
    Next send(PublishFrame frame, const std::vector<std::size_t>& places, Flight flight, Instant now);
    std::optional<Instant> may_send_at(Instant now) const;
    Coalescer::Plan plan(Way way, std::size_t max_size, Instant now) const;
    Flight flight_of(const StoredMessage& message);
    bool goes_exclusively(const StoredMessage& message) const;
    bool must_wait(Flight& flight);

    Uplink::Host& host_;
    Wire& wire_;
    UplinkStatus& status_;
    Deliveries deliveries_;
    SendWindow window_;
    Ramp ramp_;
    Coalescer offered_;
    std::optional<std::int64_t> exclusive_;       ///< too big to go otherwise, as was seen when it was the first
    std::vector<std::int64_t> stale_;             ///< offered for a connection that ended; to be given back
    std::unordered_set<std::int64_t> confirmed_;  ///< and perhaps in the offer that is due
    Instant watched_;                             ///< when the transport was last looked at
    Instant worked_;
    bool connected_ = false;
    bool paused_ = false;
    bool more_ = false;            ///< something may be owed that was not taken yet
    bool appended_ = false;        ///< and it is new
    bool asked_ = false;           ///< take() was called, offer() is due
    bool offer_is_stale_ = false;  ///< the offer that is due is for a connection that ended
};

}  // namespace fieldlink
