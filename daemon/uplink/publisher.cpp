#include "daemon/uplink/publisher.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "daemon/log.hpp"
#include "daemon/uplink/foreign_text.hpp"

namespace fieldlink {
namespace {

constexpr std::chrono::seconds kWatchEvery{1};
constexpr std::size_t kEnvelope = 1024;  ///< about what a frame adds to a message's body

/// What a flight carries, for people.
std::string messages_of(const Flight& flight) {
    if (!flight.is_shared()) return "message " + std::to_string(flight.first_seq);
    return std::to_string(flight.positions.size()) + " messages (" + std::to_string(flight.first_seq) + " to " +
           std::to_string(flight.last_seq) + ')';
}

std::string when_again(const Flight& flight, const Refusal& why, milliseconds delay) {
    const std::string time = std::to_string(delay.count() / 1000) + " s";
    if (flight.is_shared() && why.scope != Scope::everything)
        return "; they stay owed and are tried again, each alone, in " + time;
    return (flight.is_shared() ? "; they stay owed and are tried again in "
                               : "; it stays owed and is tried again in ") +
           time;
}

}  // namespace

Publisher::Publisher(Uplink::Host& host, Wire& wire, UplinkStatus& status)
    : host_(host), wire_(wire), status_(status) {}

void Publisher::connected(std::size_t max_frame, Instant now) {
    connected_ = true;
    paused_ = false;
    more_ = true;
    max_frame_ = max_frame;
    watched_ = now;
}

void Publisher::disconnected() {
    if (!connected_) return;
    connected_ = false;
    settle();
    offer_is_stale_ = asked_;
    host_.connection_ended(all_held());
    offered_.clear();
    window_.clear();
    status_.in_flight = 0;
}

/// Takes out what is set aside.
std::vector<std::int64_t> Publisher::all_held() {
    std::vector<std::int64_t> all = offered_.positions();
    const auto append = [&all](const std::vector<std::int64_t>& more) {
        all.insert(all.end(), more.begin(), more.end());
    };
    append(window_.positions());
    append(holds_.disconnected());
    append(std::exchange(too_big_, {}));
    append(std::exchange(stale_, {}));
    return all;
}

void Publisher::give_back(const std::vector<std::int64_t>& positions) {
    if (positions.empty()) return;
    host_.give_back(positions);
    more_ = true;
}

void Publisher::offer(std::vector<StoredMessage> messages) {
    asked_ = false;
    if (!messages.empty()) more_ = true;
    if (!std::exchange(offer_is_stale_, false)) return offered_.add(std::move(messages));
    for (const StoredMessage& message : messages)
        stale_.push_back(message.position);
}

bool Publisher::acked(std::uint64_t request, Instant now) {
    const auto flight = window_.take(request, now);
    if (!flight) return false;
    bool was_refused = false;
    for (const std::int64_t position : flight->positions) {
        was_refused = holds_.settled(position, flight->channel) || was_refused;
        loners_.acked(position);
        settled_.push_back(position);
    }
    if (flight->is_shared()) holds_.settled_together();
    if (was_refused)
        log::notice("uplink: the service takes " + messages_of(*flight) + " on " + flight->channel +
                    " after refusing it");
    status_.acked_messages += flight->positions.size();
    return true;
}

bool Publisher::refused(std::uint64_t request, const ServiceError& error, Instant now) {
    const auto flight = window_.take(request, now);
    if (!flight) return false;
    const Refusal& why = refusal(error.code);
    // Over the quota the message is not to blame, and alone it would only cost more of it.
    if (why.scope != Scope::everything) loners_.add(flight->positions);
    const auto held = hold(*flight, why, now);
    std::string text = "the service refuses " + messages_of(*flight) + " on " + flight->channel + ": ";
    text += foreign_text(error.code);
    if (!error.message.empty()) text.append(" (").append(foreign_text(error.message)).append(1, ')');
    text += when_again(*flight, why, held.delay);
    if (!why.advice.empty()) text.append("; ").append(why.advice);
    status_.last_error = text;
    if (held.news) log::error("uplink: " + text);
    return true;
}

Holds::Held Publisher::hold(const Flight& flight, const Refusal& why, Instant now) {
    if (flight.is_shared()) return holds_.refused_together(flight.positions, flight.channel, why, now);
    const std::int64_t position = flight.positions.front();
    const auto held = holds_.refused(position, flight.channel, why, now);
    holds_.set_aside(position, flight.channel, now);
    return held;
}

void Publisher::work(Instant now) {
    if (!connected_) return;
    if (now >= watched_ + kWatchEvery) {
        watched_ = now;
        window_.observe(wire_.unsent_bytes(), now);
    }
    settle();
    give_back(std::exchange(stale_, {}));
    give_back(holds_.release(now));
    while (!paused_ && !offered_.empty() && publish_next(now) == Next::go_on) {}
    status_.in_flight = window_.messages();
    if (all_published()) forget();
    ask_for_more(now);
}

/// Nothing is on hand nor on its way: what is still noted of messages is about such as left the outbox by other ways,
/// and would be in the way of an operator who replays them.
void Publisher::forget() {
    if (!holds_.next_release()) loners_.forget();
}

void Publisher::settle() {
    if (settled_.empty()) return;
    host_.settle(settled_);
    settled_.clear();
}

void Publisher::set_front_aside(Instant now) {
    holds_.set_aside(offered_.front().position, offered_.front().channel, now);
    offered_.drop_front();
}

Publisher::Next Publisher::publish_next(Instant now) {
    const StoredMessage& first = offered_.front();
    if (holds_.holds(first.position, first.channel, now)) {
        set_front_aside(now);
        return Next::go_on;
    }
    if (holds_.holds_everything(now) || !window_.has_room(first.body.size() + kEnvelope)) return Next::wait;
    if (wire_.bucket().ready_at(now) > now) return Next::wait;
    const std::size_t max_size = std::min(max_frame_, window_.room());
    auto [places, expected] = plan(max_size, now);
    Flight flight{wire_.new_request(), {}, first.channel, 0, first.seq, first.seq};
    PublishFrame frame(first.channel, flight.request, max_size, expected, host_.true_offset());
    for (const std::size_t place : places) {
        if (!frame.add(offered_.at(place))) break;
        flight.positions.push_back(offered_.at(place).position);
        flight.last_seq = offered_.at(place).seq;
    }
    places.resize(flight.positions.size());
    flight.bytes = frame.size();
    if (flight.bytes > max_frame_) {
        too_big(first, flight.bytes);
        too_big_.push_back(first.position);
        offered_.drop_front();
        return Next::go_on;
    }
    return send(std::move(frame), places, std::move(flight), now);
}

Coalescer::Plan Publisher::plan(std::size_t max_size, Instant now) const {
    using Join = Coalescer::Join;
    if (loners_.has(offered_.front().position)) max_size = 0;
    return offered_.plan(max_size, [this, now](const StoredMessage& message) {
        if (holds_.holds(message.position, message.channel, now)) return Join::pass_over;
        return loners_.has(message.position) ? Join::stop : Join::yes;
    });
}

Publisher::Next Publisher::send(PublishFrame frame, const std::vector<std::size_t>& places, Flight flight,
                                Instant now) {
    switch (wire_.send(frame.finish(), now)) {
        case Transport::Sent::not_open:
            paused_ = true;
            return Next::wait;
        case Transport::Sent::not_sendable:
            not_sendable(flight, now);
            return Next::go_on;
        case Transport::Sent::queued:
            break;
    }
    holds_.sent(flight.channel);
    window_.add(std::move(flight), now);
    offered_.remove(places);
    ++status_.published_frames;
    return Next::go_on;
}

/// One of several spoils the frame for all: they stay at the front and go one by one.
void Publisher::not_sendable(const Flight& flight, Instant now) {
    loners_.add(flight.positions);
    if (flight.is_shared()) return;
    holds_.refused(flight.positions.front(), flight.channel, refusal("malformed_message"), now);
    set_front_aside(now);
    status_.last_error = messages_of(flight) + " is not UTF-8 and cannot be sent";
}

/// Sent as it is, it would end every connection with 1009. It stays owed: another welcome may raise the limit.
void Publisher::too_big(const StoredMessage& message, std::size_t size) {
    if (max_frame_complained_ == max_frame_) return;
    max_frame_complained_ = max_frame_;
    status_.last_error = "message " + std::to_string(message.seq) + " takes a frame of " + std::to_string(size) +
                         " bytes and the service takes " + std::to_string(max_frame_) +
                         ": it stays owed; lower batch.max_bytes, or have the limit raised";
    log::error("uplink: " + status_.last_error);
}

void Publisher::ask_for_more(Instant now) {
    const bool has_plenty = offered_.messages() >= kTakeMessages / 2 || offered_.body_bytes() >= kTakeBytes / 2;
    if (asked_ || !more_ || paused_ || has_plenty || holds_.is_full() || holds_.holds_everything(now)) return;
    asked_ = true;
    more_ = false;
    host_.take(kTakeMessages, kTakeBytes);
}

std::optional<Instant> Publisher::next(Instant now) const {
    if (!connected_) return std::nullopt;
    std::optional<Instant> next = holds_.next_release();
    if (!window_.empty()) next = earlier(next, watched_ + kWatchEvery);
    const bool rate_is_in_the_way = !paused_ && !offered_.empty() && !holds_.holds_everything(now) &&
                                    window_.has_room(offered_.front().body.size() + kEnvelope);
    if (rate_is_in_the_way) next = earlier(next, wire_.bucket().ready_at(now));
    return next;
}

bool Publisher::ack_is_late(Instant now) const {
    const auto late = window_.late_at();
    return connected_ && late && now >= *late;
}

bool Publisher::all_published() const {
    return !more_ && !asked_ && offered_.empty() && window_.empty();
}

}  // namespace fieldlink
