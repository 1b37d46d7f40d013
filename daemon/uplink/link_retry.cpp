#include <algorithm>

#include "daemon/log.hpp"
#include "daemon/uplink/link.hpp"

namespace fieldlink {
namespace {

std::string in_seconds(milliseconds time) {
    const auto tenths = time.count() / 100;
    return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " s";
}

/// When a credential that a person puts right takes effect: not all of them can be read anew.
std::string_view when_it_counts(SecretRef::From from) {
    switch (from) {
        case SecretRef::From::file:
            return "the file is read again as soon as it changes";
        case SecretRef::From::credential:
            return "a systemd credential takes effect at a restart of the service";
        case SecretRef::From::env:
            break;
    }
    return "a variable takes effect at a restart";
}

}  // namespace

void Link::fail(const Reaction& reaction, std::string detail, milliseconds retry_after) {
    failure_ = {&reaction, std::move(detail), retry_after};
}

/// Names the failure where the event itself is one; what the transport reported is named already.
void Link::fail_by(LinkEvent event) {
    if (event != LinkEvent::deadline) return;
    switch (state_) {
        case LinkState::authenticating:
        case LinkState::resolving:
        case LinkState::connecting:
        case LinkState::securing:
        case LinkState::upgrading:
        case LinkState::refreshing: {
            const auto limit = time_limit(state_).value_or(milliseconds(0));
            return fail(reaction_to(Trouble::phase_too_long),
                        std::string(fieldlink::name(state_)) + " took longer than " + in_seconds(limit));
        }
        case LinkState::welcoming:
            return fail(reaction_to(Trouble::no_welcome), "");
        default:
            return;
    }
}

void Link::plan_retry() {
    const Instant now = parts_.time.now();
    end_attempt();
    if (!failure_.reaction) fail(reaction_to(Trouble::connection_lost), "");
    const Reaction& reaction = *failure_.reaction;
    const Retry retry = going_away_ ? Retry::spread : reaction.retry;
    const auto floor = std::max({reaction.floor, failure_.retry_after, going_away_.value_or(milliseconds(0))});
    const auto planned = backoff_.next(retry, floor, now);
    const auto delay = std::max(retry_wanted_ ? milliseconds(0) : planned, parts_.connects.put_off_for(now));
    wait(delay);
    if (retry == Retry::at_once && delay == milliseconds(0)) return;  // a fresh token is routine
    next_query_.clear();                                              // will be stale by then
    if (status_.failing_since == 0) status_.failing_since = parts_.time.unix_time().count();
    tell(failure_, delay);
}

void Link::tell(const Failure& failure, milliseconds delay) {
    status_.last_error = describe(failure);
    if (failure.reaction->remedy == Remedy::credential)
        status_.last_error.append("; ").append(when_it_counts(secret_of(config_.auth).from));
    if (!failure_log_.worth_a_line(failure, parts_.time.now())) return;
    const auto level = failure.reaction->remedy == Remedy::none ? log::Level::warning : log::Level::error;
    log::write(level, name_ + ": " + status_.last_error + "; attempt " + std::to_string(backoff_.attempts()) +
                          " failed, the next one is in " + in_seconds(delay));
}

void Link::hasten_retry() {
    wait(parts_.connects.forbidden_for(parts_.time.now()));
}

/// A whole site gets its network back at the same moment: hence the jitter. Neither what waits for a person is hastened
/// nor what the service asked for.
void Link::hasten_by_network() {
    constexpr milliseconds kSoon{2'000};
    const bool is_asked_for = failure_.retry_after > milliseconds(0) || going_away_;
    if (!failure_.reaction || failure_.reaction->retry == Retry::slow || is_asked_for) return;
    const Instant now = parts_.time.now();
    const auto jitter = std::chrono::duration_cast<milliseconds>(kSoon * parts_.random());
    const auto soon = now + std::max(jitter, parts_.connects.forbidden_for(now));
    if (state_ends_ && soon >= *state_ends_) return;
    log::debug(name_ + ": the network changed, the next attempt comes sooner");
    wait(std::chrono::ceil<milliseconds>(soon - now));
}

void Link::wait(milliseconds delay) {
    state_ends_ = parts_.time.now() + delay;
    status_.next_attempt = (parts_.time.unix_time() + delay).count();
}

}  // namespace fieldlink
