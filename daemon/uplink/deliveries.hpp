#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/uplink/charges.hpp"
#include "daemon/uplink/coalescer.hpp"
#include "daemon/uplink/frame_limit.hpp"
#include "daemon/uplink/frames.hpp"
#include "daemon/uplink/holds.hpp"
#include "daemon/uplink/loners.hpp"
#include "daemon/uplink/parts.hpp"
#include "daemon/uplink/receipts.hpp"
#include "daemon/uplink/send_window.hpp"
#include "daemon/uplink/uplink.hpp"

namespace fieldlink {

/// Whether something smaller can be made of it.
inline bool can_split(const StoredMessage& message) {
    return message.kind == Kind::readings && message.readings > 1;
}

/// What becomes of messages: what each answer means for what it answers, and how a message is to be sent after what was
/// learnt of it. Settled is what was acked or, where receipts are awaited, confirmed; refused for good is only what
/// Charges says, and a reading that fits no frame. All else stays owed.
///
/// [net thread] Calls the host from tell() only.
class Deliveries {
public:
    /// Keeps the counters of messages, and last_error where they are concerned, in `status`.
    Deliveries(Uplink::Host& host, UplinkStatus& status, const UplinkConfig& config);

    void connected(std::size_t max_frame, Instant now);

    /// All that is set aside. What was under way is given back by the one who knows it.
    std::vector<std::int64_t> disconnected();

    /// How a message that is on hand is to be sent.
    enum class Way {
        together,   ///< with others in one publish
        alone,      ///< in a publish of its own
        exclusive,  ///< with nothing else under way
        in_parts,   ///< each in a publish of its own
        not_now     ///< to be set aside
    };
    Way way(const StoredMessage& message, Instant now) const;
    bool goes_exclusively(std::int64_t position) const { return loners_.is_suspect(position); }
    bool holds_everything(Instant now) const { return holds_.holds_everything(now); }

    const FrameLimit& limit() const { return limit_; }
    Parts& parts() { return parts_; }

    /// It goes to due() when it may be taken again, or to disconnected().
    void set_aside(const StoredMessage& message, Instant now);

    /// Its frame would have `size` bytes, which is more than usual(), and it can be split, or more than the service
    /// takes. True: it goes in parts from now on. False: it is no longer on hand.
    bool too_big(const StoredMessage& message, std::size_t size);

    /// A part that is one reading fits no frame: that reading is given up.
    void lose(const StoredMessage& message, const Part& part, std::size_t size);

    /// Nothing more of this message is to be sent now: it is no longer on hand.
    void all_parts_sent(std::int64_t position, Instant now);

    void sent(const Flight& flight);
    void sent(const StoredMessage& message);
    void acked(const Flight& flight, Instant now);
    void refused(const Flight& flight, const ServiceError& error, Instant now);
    void not_sendable(const Flight& flight, Instant now);

    /// The service closed the connection, with these under way.
    void closed_by_service(int code, const SendWindow& under_way, Instant now);
    void suspect(const std::vector<std::int64_t>& positions) { loners_.add(positions); }

    /// Those that are confirmed, which need not be sent any more.
    std::vector<std::int64_t> receipt(const Receipt& receipt, Instant now);

    /// Tells the host what was settled and refused.
    void tell();

    /// What was set aside, or confirmed by nobody for too long, and may be taken again now.
    std::vector<std::int64_t> due(Instant now);
    std::optional<Instant> next() const;

    /// Whether to ask for messages.
    bool has_room() const;

    /// Nothing is owed: what is still noted of messages is about such as left the outbox by other ways, and would be in
    /// the way of an operator who replays them.
    void forget();

private:
    Holds::Held hold(const Flight& flight, const Refusal& why, Instant now);
    bool is_refused_for_good(const Flight& flight);
    void refuse_for_good(const Flight& flight, const std::string& why, Instant now);
    void arrived(std::int64_t position, Instant now);
    void settle(std::int64_t position);
    bool is_confirmed(std::int64_t position) const { return receipts_ && !receipts_->knows(position); }
    void complain(const std::string& text);

    Uplink::Host& host_;
    UplinkStatus& status_;
    Holds holds_;
    Loners loners_;
    Charges charges_;
    FrameLimit limit_;
    Parts parts_;
    std::optional<Receipts> receipts_;        ///< absent: an ack settles
    std::vector<std::int64_t> settled_;       ///< the host does not know yet
    std::vector<RefusedMessage> refused_;     ///< the same
    std::vector<std::int64_t> unfit_;         ///< set aside for this connection
    std::vector<std::int64_t> without_room_;  ///< set aside until fewer await their receipts
    std::optional<std::int64_t> probe_;       ///< given back to be sent again though too many await their receipts
    std::optional<Flight> to_hold_;           ///< ended the last connection
    std::uint64_t connection_ = 0;
    std::size_t named_for_ = 0;  ///< the limit for which a message that fits no frame was named
};

}  // namespace fieldlink
