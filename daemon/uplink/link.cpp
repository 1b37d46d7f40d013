#include "daemon/uplink/link.hpp"

#include <tuple>
#include <utility>

namespace fieldlink {
namespace {

constexpr int kNormalClosure = 1000;
constexpr int kClientGivesUp = 4000;

std::string service_url(std::string origin, const std::string& query) {
    while (!origin.empty() && origin.back() == '/')
        origin.pop_back();
    return origin + "/v1?" + query;
}

/// What people are told of at once; counters wait until they are asked for.
auto visible(const LinkStatus& s) {
    return std::tie(s.state, s.phase, s.since, s.failing_since, s.last_error, s.attempt, s.next_attempt, s.peer_id);
}

}  // namespace

Link::Link(std::string name, const Config& config, Host& host, Parts parts, std::vector<Duty*> duties,
           LinkStatus& status)
    : name_(std::move(name)),
      config_(config.uplink),
      gateway_(config.gateway),
      host_(host),
      parts_(std::move(parts)),
      duties_(std::move(duties)),
      status_(status),
      backoff_(config.uplink.reconnect, parts_.random) {
    status_.since = parts_.time.unix_time().count();
    status_.phase = fieldlink::name(state_);
    reported_ = status_;
    parts_.time.on_wake([this] { on_wake(); });
}

Link::~Link() {
    parts_.credentials.cancel();
    parts_.transport.drop();
}

void Link::stop(milliseconds patience) {
    patience_ = patience;
    note(LinkEvent::stop);
}

void Link::retry_now() {
    retry_wanted_ = !is_connected();
    note(LinkEvent::retry_now);
}

void Link::note(LinkEvent event) {
    noted_.push_back(event);
    wake_soon();
}

void Link::wake_soon() {
    if (std::exchange(wakes_soon_, true)) return;
    parts_.time.wake_at(parts_.time.now());
}

void Link::on_wake() {
    wakes_soon_ = false;
    while (!noted_.empty()) {
        const LinkEvent event = noted_.front();
        noted_.pop_front();
        handle(event);
    }
    const Instant now = parts_.time.now();
    if (state_ends_ && now >= *state_ends_) on_deadline(now);
    if (is_connected()) tend_connection(now);
    report();
    wake_when_due();
    // The last thing that is done here: the one who stopped us may destroy us now.
    if (state_ == LinkState::stopped && !std::exchange(stop_is_told_, true)) host_.link_stopped();
}

void Link::on_deadline(Instant now) {
    // Another link may have used up the minute's connects meanwhile.
    const bool may_begin = state_ != LinkState::waiting || parts_.connects.forbidden_for(now) == milliseconds(0);
    if (!may_begin)
        wait(parts_.connects.put_off_for(now));
    else
        handle(LinkEvent::deadline);
}

void Link::handle(LinkEvent event) {
    const Transition* row = transition(state_, event);
    if (!row) return;
    fail_by(event);
    const bool is_another = row->next != std::exchange(state_, row->next);
    if (is_another) {
        state_ends_.reset();
        if (const auto limit = time_limit(state_)) state_ends_ = parts_.time.now() + *limit;
        if (state_ == LinkState::flushing) state_ends_ = parts_.time.now() + patience_;
    }
    count_attempt();
    perform(row->action);
}

/// The connect counts when it reaches the service, which may be long after the credential was asked for.
void Link::count_attempt() {
    const bool goes_on = state_ == LinkState::resolving || state_ == LinkState::connecting ||
                         state_ == LinkState::securing || state_ == LinkState::upgrading;
    if (!goes_on) return;
    parts_.connects.still_connecting(attempt_counts_, parts_.time.now());
    attempt_counts_ = parts_.time.now();
}

void Link::perform(LinkAction action) {
    // clang-format off
    switch (action) {
        case LinkAction::none:               return;
        case LinkAction::fetch_credential:   return connect_with_credential();
        case LinkAction::refresh_credential: return fetch_credential();
        case LinkAction::open:               return parts_.transport.open(service_url(config_.url, query_), *this);
        case LinkAction::begin_publishing:   return begin_publishing();
        case LinkAction::pause_publishing:   return pause(true);
        case LinkAction::resume_publishing:  return pause(false);
        case LinkAction::renew_later:        return renew_later();
        case LinkAction::probe:              return keepalive_.doubt(parts_.time.now());
        case LinkAction::close:              return close();
        case LinkAction::plan_retry:         return plan_retry();
        case LinkAction::hasten_retry:       return hasten_retry();
        case LinkAction::hasten_by_network:  return hasten_by_network();
        case LinkAction::finish:             return finish();
    }
    // clang-format on
}

void Link::connect_with_credential() {
    attempt_counts_ = parts_.time.now();
    parts_.connects.connecting(attempt_counts_);
    backoff_.connecting();
    failure_ = {};
    retry_wanted_ = false;
    going_away_.reset();
    renew_at_.reset();
    if (next_query_.empty()) return fetch_credential();
    query_ = std::exchange(next_query_, {});
    note(LinkEvent::credential);
}

void Link::fetch_credential() {
    parts_.credentials.fetch([this](const CredentialAnswer& answer) { on_credential(answer); });
}

void Link::on_credential(const CredentialAnswer& answer) {
    (state_ == LinkState::refreshing ? next_query_ : query_) = answer.query;
    if (answer.query.empty()) fail(reaction_to(answer.trouble), answer.error, answer.retry_after);
    note(answer.query.empty() ? LinkEvent::no_credential : LinkEvent::credential);
}

void Link::close() {
    const bool as_planned = state_ == LinkState::leaving || failure_.reaction == &reaction_to(Trouble::token_expires);
    parts_.transport.close(as_planned ? kNormalClosure : kClientGivesUp, "");
}

void Link::end_attempt() {
    parts_.credentials.cancel();
    parts_.transport.drop();
    for (Duty* const duty : duties_)
        duty->disconnected();
    query_.clear();
}

void Link::finish() {
    end_attempt();
    next_query_.clear();
}

void Link::wake_when_due() {
    if (wakes_soon_) return;
    std::optional<Instant> next = state_ends_;
    if (is_connected()) {
        next = earlier(next, keepalive_.next());
        if (state_ == LinkState::online) next = earlier(next, renew_at_);
        for (const Duty* const duty : duties_)
            next = earlier(next, duty->next(parts_.time.now()));
    }
    if (next) parts_.time.wake_at(*next);
}

void Link::report() {
    status_.attempt = backoff_.attempts();
    status_.phase = fieldlink::name(state_);
    if (shown_as(state_) != status_.state) status_.since = parts_.time.unix_time().count();
    status_.state = shown_as(state_);
    if (status_.state != UplinkState::waiting) status_.next_attempt = 0;
    if (visible(status_) == visible(reported_)) return;
    reported_ = status_;
    host_.link_changed();
}

}  // namespace fieldlink
