#include "daemon/uplink/deliveries.hpp"

#include <utility>

#include "daemon/foreign_text.hpp"
#include "daemon/log.hpp"
#include "daemon/uplink/delivery_texts.hpp"

namespace fieldlink {
namespace {

constexpr int kInvalidText = 1007, kTooBig = 1009;

void append(std::vector<std::int64_t>& to, const std::vector<std::int64_t>& more) {
    to.insert(to.end(), more.begin(), more.end());
}

/// Such an error is about this message, in this form.
bool is_about_the_message(std::string_view code) {
    return code == "malformed_message" || code == "missing_data";
}

/// For how long what ended a connection lets the others go first on the next one, where they may show that the service
/// takes what is on its channel.
const Refusal& like_malformed() {
    return refusal("malformed_message");
}

}  // namespace

Deliveries::Deliveries(Uplink::Host& host, UplinkStatus& status, const UplinkConfig& config)
    : host_(host), status_(status) {
    if (config.confirm == Confirm::receipt) receipts_.emplace(config.receipt_timeout);
}

void Deliveries::connected(std::size_t max_frame, Instant now) {
    ++connection_;
    limit_.announced(max_frame);
    if (!to_hold_) return;
    holds_.refused(to_hold_->positions.front(), to_hold_->channel, like_malformed(), now);
    to_hold_.reset();
}

std::vector<std::int64_t> Deliveries::disconnected() {
    parts_.disconnected();
    if (receipts_) receipts_->disconnected();
    auto aside = holds_.disconnected();
    append(aside, std::exchange(unfit_, {}));
    append(aside, std::exchange(without_room_, {}));
    return aside;
}

void Deliveries::sent(const StoredMessage& message) {
    if (receipts_) receipts_->sent(message);
    if (probe_ == message.position) probe_.reset();
}

void Deliveries::sent(const Flight& flight) {
    holds_.sent(flight.channel);
    if (flight.part) parts_.sent(flight.positions.front(), *flight.part);
}

void Deliveries::acked(const Flight& flight, Instant now) {
    bool was_refused = false;
    if (flight.part) {
        was_refused = holds_.works(flight.channel);
        parts_.acked(flight.positions.front(), *flight.part);
    }
    for (const std::int64_t position : flight.positions) {
        charges_.acked({position, flight.part}, flight.channel);
        if (flight.part && !parts_.is_complete(position)) continue;
        was_refused = holds_.settled(position, flight.channel) || was_refused;
        arrived(position, now);
    }
    if (flight.is_shared()) holds_.settled_together();
    if (was_refused)
        log::notice("uplink: the service takes " + messages_of(flight) + " on " + flight.channel +
                    " after refusing it");
}

/// All of it that is not lost.
void Deliveries::arrived(std::int64_t position, Instant now) {
    loners_.acked(position);
    ++status_.acked_messages;
    const auto loss = parts_.loss(position);
    if (!receipts_ || (loss && loss->whole))
        settle(position);
    else
        receipts_->acked(position, now);
}

void Deliveries::settle(std::int64_t position) {
    if (const auto loss = parts_.loss(position))
        refused_.push_back(*loss);
    else
        settled_.push_back(position);
    parts_.forget(position);
}

void Deliveries::refused(const Flight& flight, const ServiceError& error, Instant now) {
    const Refusal& why = refusal(error.code);
    if (!flight.is_shared() && is_confirmed(flight.positions.front())) return holds_.answered(flight.channel, now);
    if (flight.part) parts_.refused(flight.positions.front(), *flight.part);
    if (is_about_the_message(error.code) && is_refused_for_good(flight))
        return refuse_for_good(flight, foreign_text(error.code), now);
    // Over the quota the message is not to blame, and alone it would only cost more of it.
    if (why.scope != Scope::everything) loners_.add(flight.positions);
    const auto held = hold(flight, why, now);
    status_.last_error = refusal_text(flight, error, why, held.delay);
    if (held.news) log::error("uplink: " + status_.last_error);
}

Holds::Held Deliveries::hold(const Flight& flight, const Refusal& why, Instant now) {
    if (flight.is_shared()) return holds_.refused_together(flight.positions, flight.channel, why, now);
    const std::int64_t position = flight.positions.front();
    const auto held = holds_.refused(position, flight.channel, why, now);
    if (parts_.is_held(position)) return held;
    parts_.set_aside(position);
    holds_.set_aside(position, flight.channel, now);
    return held;
}

/// One of several spoils the frame for all: they stay at the front and go one by one.
void Deliveries::not_sendable(const Flight& flight, Instant now) {
    loners_.add(flight.positions);
    if (flight.is_shared()) return;
    holds_.refused(flight.positions.front(), flight.channel, like_malformed(), now);
    status_.last_error = messages_of(flight) + " is not UTF-8 and cannot be sent";
}

void Deliveries::closed_by_service(int code, const SendWindow& under_way, Instant now) {
    if ((code != kInvalidText && code != kTooBig) || under_way.empty()) return;
    if (code == kTooBig) limit_.found_too_big(under_way.biggest());
    loners_.add_suspects(under_way.positions());
    const Flight* const only = under_way.only();
    if (!only || only->is_shared() || (code == kTooBig && only->can_split)) return;
    to_hold_ = *only;
    parts_.left(only->positions.front());
    if (is_refused_for_good(*only)) refuse_for_good(*only, "close code " + std::to_string(code), now);
}

bool Deliveries::is_refused_for_good(const Flight& flight) {
    const bool never = flight.kind == Kind::gap || flight.kind == Kind::result;
    if (never || flight.is_shared()) return false;
    return charges_.charge({flight.positions.front(), flight.part}, flight.channel, connection_);
}

void Deliveries::refuse_for_good(const Flight& flight, const std::string& why, Instant now) {
    const std::int64_t position = flight.positions.front();
    complain("the service refused " + messages_of(flight) + " on " + flight.channel + " twice, alone, with " + why +
             ", and took others meanwhile: it is given up, and a gap record says so");
    holds_.answered(flight.channel, now);
    to_hold_.reset();
    if (!flight.part) return refused_.push_back({position, 0, {}, true});
    parts_.lost(position, *flight.part);
    if (parts_.is_complete(position)) arrived(position, now);
}

std::vector<std::int64_t> Deliveries::receipt(const Receipt& receipt, Instant now) {
    if (!receipts_) return {};
    auto confirmed = receipts_->confirm(receipt, status_.unknown_receipts, now);
    for (const std::int64_t position : confirmed) {
        loners_.acked(position);
        settle(position);
        if (probe_ == position) probe_.reset();
    }
    return confirmed;
}

void Deliveries::tell() {
    status_.refused_messages += refused_.size();
    if (receipts_) status_.awaiting_receipt = receipts_->waiting();
    if (!settled_.empty()) host_.settle(std::exchange(settled_, {}));
    if (!refused_.empty()) host_.refuse(std::exchange(refused_, {}));
}

void Deliveries::forget() {
    if (holds_.next_release() || !unfit_.empty() || !without_room_.empty()) return;
    loners_.forget();
    charges_.forget();
    if (receipts_) receipts_->forget_rest();
    if (!receipts_ || receipts_->waiting() == 0) parts_.forget_all();
}

void Deliveries::complain(const std::string& text) {
    status_.last_error = text;
    log::error("uplink: " + text);
}

}  // namespace fieldlink
