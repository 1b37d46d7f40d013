#include <algorithm>

#include "daemon/foreign_text.hpp"
#include "daemon/log.hpp"
#include "daemon/uplink/link.hpp"

namespace fieldlink {

void Link::begin_publishing() {
    const Instant now = parts_.time.now();
    backoff_.welcomed(now);
    keepalive_.restart(now);
    parts_.wire.bucket().restart(now);
    for (Duty* const duty : duties_)
        duty->connected(max_frame_, now);
    status_.failing_since = 0;
    const bool news = failure_log_.connected(now) || status_.connects == 0;
    ++status_.connects;
    const unsigned attempts = backoff_.attempts();
    log::write(news ? log::Level::notice : log::Level::debug,
               name_ + ": connected to " + config_.url + " as " + status_.peer_id +
                   (attempts > 1 ? " after " + std::to_string(attempts) + " attempts" : ""));
}

void Link::pause(bool paused) {
    if (paused) fail(reaction_to(Trouble::token_expires), "");
    for (Duty* const duty : duties_)
        duty->pause(paused);
}

void Link::tend_connection(Instant now) {
    if (is_dead(now)) return handle(LinkEvent::dead);
    tend_token(now);
    if (keepalive_.ping_due(now)) {
        parts_.wire.send(std::string(kPingFrame), now);
        keepalive_.pinged(now);
    }
    tend_duties(now);
}

bool Link::is_dead(Instant now) {
    const bool silent = keepalive_.dead(now);
    const auto is_late = [now](const Duty* duty) { return duty->answer_is_late(now); };
    if (!silent && std::none_of(duties_.begin(), duties_.end(), is_late)) return false;
    for (Duty* const duty : duties_)
        duty->given_up(now);
    fail(reaction_to(silent ? Trouble::silent : Trouble::ack_late), "");
    return true;
}

void Link::tend_token(Instant now) {
    if (state_ != LinkState::online || !renew_at_ || now < *renew_at_) return;
    renew_at_.reset();
    handle(LinkEvent::renew);
}

void Link::tend_duties(Instant now) {
    for (Duty* const duty : duties_)
        duty->work(now);
    const auto all = [this](bool (Duty::*has)() const) {
        return std::all_of(duties_.begin(), duties_.end(), [has](const Duty* duty) { return (duty->*has)(); });
    };
    if (state_ == LinkState::subscribing && all(&Duty::is_set_up)) handle(LinkEvent::subscribed);
    if (state_ == LinkState::flushing && all(&Duty::all_done)) handle(LinkEvent::drained);
    if (state_ == LinkState::renewing && all(&Duty::nothing_under_way)) handle(LinkEvent::drained);
}

void Link::plan_renewal(const Welcome& welcome, Instant now) {
    constexpr milliseconds kAhead{60'000}, kShortLife{300'000};
    if (!welcome.expires_at || !welcome.server_time || *welcome.expires_at <= *welcome.server_time) return;
    const milliseconds life = *welcome.expires_at - *welcome.server_time;
    renew_at_ = now + (life > kShortLife ? life - kAhead : life * 8 / 10);
}

/// The connection is good until its token expires, which the service will say: there is no hurry to lose it.
void Link::renew_later() {
    constexpr milliseconds kAgain{15'000};
    const Instant now = parts_.time.now();
    parts_.credentials.cancel();
    renew_at_ = now + std::max({kAgain, failure_.reaction->floor, failure_.retry_after});
    status_.last_error = describe(failure_);
    if (failure_log_.worth_a_line(failure_, now))
        log::warning(name_ +
                     ": no fresh token yet, the connection lasts until the present one expires: " + status_.last_error);
    failure_ = {};
}

void Link::check_identity(std::string_view peer_id) {
    const bool by_token = !std::holds_alternative<ApiKeyAuth>(config_.auth);
    if (!by_token || peer_id == gateway_ || peer_id == wrong_identity_) return;
    wrong_identity_ = peer_id;
    log::error(name_ + ": gateway.id is " + gateway_ + " but the token says " + foreign_text(peer_id) +
               ": make them the same, or this gateway's messages are taken for another's");
}

}  // namespace fieldlink
