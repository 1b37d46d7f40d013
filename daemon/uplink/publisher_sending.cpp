// What the publisher sends next.
#include <algorithm>
#include <cassert>
#include <utility>

#include "daemon/uplink/publisher.hpp"

namespace fieldlink {
namespace {

constexpr std::size_t kEnvelope = 1024;  ///< about what a frame adds to a message's body

}  // namespace

Publisher::Next Publisher::publish_next(Instant now) {
    const StoredMessage& first = offered_.front();
    const Way way = deliveries_.way(first, now);
    if (way == Way::not_now) {
        deliveries_.set_aside(first, now);
        offered_.drop_front();
        return Next::go_on;
    }
    if (way == Way::in_parts && !deliveries_.parts().next(first, deliveries_.limit().usual())) {
        deliveries_.all_parts_sent(first.position, now);
        offered_.drop_front();
        return Next::go_on;
    }
    const auto when = may_send_at(now);
    if (!when || *when > now) return Next::wait;
    return way == Way::in_parts ? publish_part(now) : publish_whole(way, now);
}

/// Absent: not before an answer comes, or a hold is over.
std::optional<Instant> Publisher::may_send_at(Instant now) const {
    const StoredMessage& first = offered_.front();
    const std::size_t size = std::min(first.body.size() + kEnvelope, deliveries_.limit().usual());
    if (deliveries_.holds_everything(now) || window_.is_exclusive() || !window_.has_room(size)) return std::nullopt;
    if (goes_exclusively(first) && !window_.empty()) return std::nullopt;
    const Instant allowed = wire_.bucket().ready_at(now);
    return offered_.is_urgent() ? allowed : std::max(allowed, ramp_.ready_at(now));
}

Flight Publisher::flight_of(const StoredMessage& message) {
    Flight flight;
    flight.request = wire_.new_request();
    flight.channel = message.channel;
    flight.first_seq = flight.last_seq = message.seq;
    flight.kind = message.kind;
    flight.is_exclusive = goes_exclusively(message);
    return flight;
}

bool Publisher::goes_exclusively(const StoredMessage& message) const {
    return deliveries_.goes_exclusively(message.position) || exclusive_ == message.position;
}

/// Nothing smaller can be made of a flight that is bigger than usual, and so much was too much once: if it is again, it
/// has to be known that it was this one.
bool Publisher::must_wait(Flight& flight) {
    if (flight.bytes <= deliveries_.limit().usual()) return false;
    flight.is_exclusive = true;
    exclusive_ = flight.positions.front();
    return !window_.empty();
}

Publisher::Next Publisher::publish_whole(Way way, Instant now) {
    const FrameLimit& limit = deliveries_.limit();
    const std::size_t max_size = std::min(limit.usual(), window_.room());
    auto [places, expected] = plan(way, max_size, now);
    const StoredMessage& first = offered_.front();
    Flight flight = flight_of(first);
    PublishFrame frame(first.channel, flight.request, max_size, expected, host_.true_offset());
    for (const std::size_t place : places) {
        if (!frame.add(offered_.at(place))) break;
        flight.positions.push_back(offered_.at(place).position);
        flight.last_seq = offered_.at(place).seq;
    }
    places.resize(flight.positions.size());
    flight.can_split = flight.is_shared() || can_split(first);
    flight.bytes = frame.size();
    if (flight.bytes > limit.announced() || (flight.bytes > limit.usual() && flight.can_split))
        return too_big(flight.bytes);
    if (must_wait(flight)) return Next::wait;
    return send(std::move(frame), places, std::move(flight), now);
}

Coalescer::Plan Publisher::plan(Way way, std::size_t max_size, Instant now) const {
    using Join = Coalescer::Join;
    if (way != Way::together) max_size = 0;
    return offered_.plan(max_size, [this, now](const StoredMessage& message) {
        const Way its_way = deliveries_.way(message, now);
        if (its_way == Way::not_now) return Join::pass_over;
        return its_way == Way::together ? Join::yes : Join::stop;
    });
}

Publisher::Next Publisher::too_big(std::size_t size) {
    if (!deliveries_.too_big(offered_.front(), size)) offered_.drop_front();
    return Next::go_on;
}

Publisher::Next Publisher::publish_part(Instant now) {
    const FrameLimit& limit = deliveries_.limit();
    const StoredMessage& message = offered_.front();
    const auto part = deliveries_.parts().next(message, limit.usual());
    assert(part);
    Flight flight = flight_of(message);
    flight.positions = {message.position};
    flight.part = part;
    flight.can_split = part->count > 1;
    const std::string body = deliveries_.parts().cut(*part);
    PublishFrame frame(message.channel, flight.request, limit.usual(), body.size() * 2, host_.true_offset());
    frame.add_part(message, *part, body);
    flight.bytes = frame.size();
    if (flight.bytes > limit.announced()) {
        deliveries_.lose(message, *part, flight.bytes);
        return Next::go_on;
    }
    if (must_wait(flight)) return Next::wait;
    return send(std::move(frame), {}, std::move(flight), now);
}

/// `places` leave the queue; none, as long as parts of the first one are to come.
Publisher::Next Publisher::send(PublishFrame frame, const std::vector<std::size_t>& places, Flight flight,
                                Instant now) {
    switch (wire_.send(frame.finish(), now)) {
        case Transport::Sent::not_open:
            paused_ = true;
            return Next::wait;
        case Transport::Sent::not_sendable:
            deliveries_.not_sendable(flight, now);
            return Next::go_on;
        case Transport::Sent::queued:
            break;
    }
    if (ramp_.is_ramping() && !offered_.is_urgent()) ramp_.take(now);
    for (const std::size_t place : places)
        deliveries_.sent(offered_.at(place));
    if (places.empty()) deliveries_.sent(offered_.front());
    deliveries_.sent(flight);
    window_.add(std::move(flight), now);
    offered_.remove(places);
    ++status_.published_frames;
    return Next::go_on;
}

}  // namespace fieldlink
