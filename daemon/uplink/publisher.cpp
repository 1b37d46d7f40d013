#include "daemon/uplink/publisher.hpp"

#include <algorithm>
#include <utility>

namespace fieldlink {
namespace {

constexpr std::chrono::seconds kWatchEvery{1};

/// A message whose parts were answered one by one may have been held more than once.
void leave_each_once(std::vector<std::int64_t>& positions) {
    std::sort(positions.begin(), positions.end());
    positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
}

}  // namespace

Publisher::Publisher(Uplink::Host& host, Wire& wire, UplinkStatus& status, const UplinkConfig& config)
    : host_(host), wire_(wire), status_(status), deliveries_(host, status, config) {}

void Publisher::connected(std::size_t max_frame, Instant now) {
    connected_ = true;
    paused_ = false;
    more_ = appended_ = true;
    watched_ = worked_ = now;
    deliveries_.connected(max_frame, now);
    ramp_.restart(wire_.bucket().rate(), now);
}

void Publisher::disconnected() {
    deliveries_.tell();  // of receipts, too, that came over another link while there was no connection here
    if (!connected_) return;
    connected_ = false;
    offer_is_stale_ = asked_;
    host_.connection_ended(all_held());
    offered_.clear();
    window_.clear();
    exclusive_.reset();
    status_.in_flight = 0;
}

/// Takes out what is set aside.
std::vector<std::int64_t> Publisher::all_held() {
    std::vector<std::int64_t> all = offered_.positions();
    const auto append = [&all](const std::vector<std::int64_t>& more) {
        all.insert(all.end(), more.begin(), more.end());
    };
    append(window_.positions());
    append(deliveries_.disconnected());
    append(std::exchange(stale_, {}));
    leave_each_once(all);
    return all;
}

void Publisher::give_back(std::vector<std::int64_t> positions) {
    if (positions.empty()) return;
    leave_each_once(positions);
    host_.give_back(positions);
    more_ = appended_ = true;
}

void Publisher::offer(std::vector<StoredMessage> messages) {
    asked_ = false;
    if (!messages.empty()) more_ = true;
    const auto confirmed = std::exchange(confirmed_, {});
    if (std::exchange(offer_is_stale_, false)) {
        for (const StoredMessage& message : messages)
            stale_.push_back(message.position);
        return;
    }
    offered_.add(std::move(messages));
    if (!confirmed.empty()) offered_.drop(confirmed);
}

void Publisher::receipt(const Receipt& receipt, Instant now) {
    const auto positions = deliveries_.receipt(receipt, now);
    if (positions.empty()) return;
    const std::unordered_set<std::int64_t> confirmed(positions.begin(), positions.end());
    offered_.drop(confirmed);
    if (asked_) confirmed_.insert(confirmed.begin(), confirmed.end());
}

bool Publisher::acked(std::uint64_t request, Instant now) {
    const auto flight = window_.take(request, now);
    if (!flight) return false;
    ramp_.acked(now - flight->sent, now);
    deliveries_.acked(*flight, now);
    return true;
}

bool Publisher::refused(std::uint64_t request, const ServiceError& error, Instant now) {
    const auto flight = window_.take(request, now);
    if (!flight) return false;
    deliveries_.refused(*flight, error, now);
    return true;
}

void Publisher::work(Instant now) {
    if (!connected_) return;
    worked_ = now;
    if (now >= watched_ + kWatchEvery) {
        watched_ = now;
        window_.observe(wire_.unsent_bytes(), now);
    }
    deliveries_.tell();
    give_back(std::exchange(stale_, {}));
    give_back(deliveries_.due(now));
    while (!paused_ && !offered_.empty() && publish_next(now) == Next::go_on) {}
    deliveries_.tell();
    status_.in_flight = window_.messages();
    report_rate();
    if (all_done()) deliveries_.forget();
    ask_for_more(now);
}

void Publisher::report_rate() {
    status_.ramping = ramp_.is_ramping();
    status_.rate = status_.ramping ? std::min(ramp_.rate(), wire_.bucket().rate()) : wire_.bucket().rate();
}

/// What came since the last time may be a gap record or a result, which must not wait until what is on hand has gone,
/// or until there is room for more of the others.
void Publisher::ask_for_more(Instant now) {
    if (asked_ || !more_ || paused_ || deliveries_.holds_everything(now)) return;
    const std::size_t messages = offered_.messages(), bytes = offered_.body_bytes();
    const bool has_plenty = messages >= kTakeMessages / 2 || bytes >= kTakeBytes / 2;
    const bool all = !has_plenty && deliveries_.has_room();
    const bool may_look = appended_ && messages < kTakeMessages && bytes < kTakeBytes;
    if (!all && !may_look) return;
    asked_ = true;
    appended_ = false;
    if (all) more_ = false;
    host_.take(kTakeMessages, kTakeBytes, all ? Urgency::any : Urgency::urgent);
}

std::optional<Instant> Publisher::next(Instant now) const {
    if (!connected_) return std::nullopt;
    std::optional<Instant> next = deliveries_.next();
    if (!window_.empty()) next = earlier(next, watched_ + kWatchEvery);
    if (!paused_ && !offered_.empty()) next = earlier(next, may_send_at(now));
    return next;
}

bool Publisher::answer_is_late(Instant now) const {
    const auto late = window_.late_at();
    return connected_ && late && now >= *late;
}

bool Publisher::all_done() const {
    return !more_ && !asked_ && offered_.empty() && window_.empty();
}

}  // namespace fieldlink
