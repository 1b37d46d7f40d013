#include "daemon/uplink/link.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "daemon/log.hpp"

namespace fieldlink {
namespace {

constexpr int kNormalClosure = 1000;
constexpr int kClientGivesUp = 4000;

std::string in_seconds(milliseconds time) {
    const auto tenths = time.count() / 100;
    return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " s";
}

std::string service_url(std::string origin, const std::string& query) {
    while (!origin.empty() && origin.back() == '/')
        origin.pop_back();
    return origin + "/v1?" + query;
}

}  // namespace

Link::Link(const Config& config, Uplink::Host& host, const Parts& parts)
    : config_(config.uplink),
      gateway_(config.gateway),
      host_(host),
      parts_(parts),
      wire_(parts.transport, config.uplink.rate),
      backoff_(config.uplink.reconnect, parts.random),
      publisher_(host, wire_, status_, config_) {
    status_.since = parts_.time.unix_time().count();
    reported_ = status_;
    parts_.time.on_wake([this] { on_wake(); });
}

Link::~Link() {
    parts_.credentials.cancel();
    parts_.transport.drop();
}

void Link::offer(std::vector<StoredMessage> messages) {
    publisher_.offer(std::move(messages));
    wake_soon();
}

void Link::more_is_owed() {
    publisher_.more_is_owed();
    wake_soon();
}

void Link::receipt(const Receipt& receipt) {
    publisher_.receipt(receipt, parts_.time.now());
    wake_soon();
}

void Link::stop(milliseconds patience, std::function<void()> done) {
    patience_ = patience;
    done_ = std::move(done);
    note(LinkEvent::stop);
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
    if (state_ends_ && now >= *state_ends_) handle(LinkEvent::deadline);
    if (is_connected()) tend_connection(now);
    report();
    wake_when_due();
    // The last thing that is done here: the one who stopped us may destroy us now.
    if (state_ == LinkState::stopped && done_) std::exchange(done_, nullptr)();
}

void Link::handle(LinkEvent event) {
    const Transition* row = transition(state_, event);
    if (!row) return;
    fail_by(event);
    state_ = row->next;
    state_ends_.reset();
    if (const auto limit = time_limit(state_)) state_ends_ = parts_.time.now() + *limit;
    if (state_ == LinkState::flushing) state_ends_ = parts_.time.now() + patience_;
    perform(row->action);
}

/// Names the failure where the event itself is one; what the transport reported is named already.
void Link::fail_by(LinkEvent event) {
    if (event == LinkEvent::renew) fail(reaction_to(Trouble::token_expires), "");
    if (event != LinkEvent::deadline) return;
    if (state_ == LinkState::welcoming) fail(reaction_to(Trouble::no_welcome), "");
    if (state_ == LinkState::authenticating || state_ == LinkState::connecting)
        fail(reaction_to(Trouble::phase_too_long), std::string(name(state_)));
}

void Link::fail(const Reaction& reaction, std::string detail, milliseconds retry_after) {
    failure_ = {&reaction, std::move(detail), retry_after};
}

void Link::perform(LinkAction action) {
    const bool for_good = state_ == LinkState::leaving || failure_.reaction == &reaction_to(Trouble::token_expires);
    switch (action) {
        case LinkAction::none:
            break;
        case LinkAction::fetch_credential:
            fetch_credential();
            break;
        case LinkAction::open:
            parts_.transport.open(service_url(config_.url, query_), *this);
            break;
        case LinkAction::begin_publishing:
            begin_publishing();
            break;
        case LinkAction::pause_publishing:
            publisher_.pause(true);
            break;
        case LinkAction::resume_publishing:
            publisher_.pause(false);
            break;
        case LinkAction::close:
            parts_.transport.close(for_good ? kNormalClosure : kClientGivesUp, "");
            break;
        case LinkAction::plan_retry:
            plan_retry();
            break;
        case LinkAction::hasten_retry:
            wait(backoff_.forbidden_for(parts_.time.now()));
            break;
        case LinkAction::finish:
            finish();
            break;
    }
}

void Link::fetch_credential() {
    backoff_.connecting(parts_.time.now());
    failure_ = {};
    going_away_.reset();
    renew_at_.reset();
    parts_.credentials.fetch([this](const CredentialAnswer& answer) { on_credential(answer); });
}

void Link::on_credential(const CredentialAnswer& answer) {
    query_ = answer.query;
    if (query_.empty()) fail(reaction_to(answer.trouble), answer.error);
    note(query_.empty() ? LinkEvent::lost : LinkEvent::credential);
}

void Link::plan_retry() {
    const Instant now = parts_.time.now();
    parts_.credentials.cancel();
    parts_.transport.drop();
    publisher_.disconnected();
    query_.clear();
    if (!failure_.reaction) fail(reaction_to(Trouble::connection_lost), "");
    const Reaction& reaction = *failure_.reaction;
    const Retry retry = going_away_ ? Retry::spread : reaction.retry;
    const auto floor = std::max({reaction.floor, failure_.retry_after, going_away_.value_or(milliseconds(0))});
    const auto delay = backoff_.next(retry, floor, now);
    wait(delay);
    if (delay == milliseconds(0)) return;  // a fresh token is routine
    status_.last_error = describe(failure_);
    if (!failure_log_.worth_a_line(failure_, now)) return;
    const auto level = reaction.needs_a_person ? log::Level::error : log::Level::warning;
    log::write(level, "uplink: " + status_.last_error + "; next attempt in " + in_seconds(delay));
}

void Link::wait(milliseconds delay) {
    state_ends_ = parts_.time.now() + delay;
    status_.next_attempt = (parts_.time.unix_time() + delay).count();
}

void Link::finish() {
    parts_.credentials.cancel();
    parts_.transport.drop();
    publisher_.disconnected();
    query_.clear();
}

void Link::wake_when_due() {
    if (wakes_soon_) return;
    const Instant now = parts_.time.now();
    std::optional<Instant> next = state_ends_;
    if (is_connected()) {
        next = earlier(next, keepalive_.next());
        next = earlier(next, renew_at_);
        next = earlier(next, subscription_.next());
        next = earlier(next, publisher_.next(now));
    }
    if (next) parts_.time.wake_at(*next);
}

void Link::report() {
    status_.attempt = backoff_.attempts();
    if (shown_as(state_) != status_.state) status_.since = parts_.time.unix_time().count();
    status_.state = shown_as(state_);
    if (status_.state != UplinkState::waiting) status_.next_attempt = 0;
    const auto visible = [](const UplinkStatus& s) {
        return std::tie(s.state, s.since, s.last_error, s.attempt, s.next_attempt, s.peer_id);
    };
    if (visible(status_) == visible(reported_)) return;
    reported_ = status_;
    host_.uplink_changed(status_);
}

}  // namespace fieldlink
