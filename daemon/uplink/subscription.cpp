#include "daemon/uplink/subscription.hpp"

namespace fieldlink {

void Subscription::restart(Instant now) {
    state_ = State::pausing;
    tries_ = 0;
    next_ = now;
}

Subscription::Step Subscription::step(Instant now) {
    if (state_ == State::waiting && now >= *next_) failed(now);
    if (state_ != State::pausing || now < *next_) return Step::wait;
    if (tries_ < kTries) return Step::ask;
    state_ = State::settled;
    next_.reset();
    return Step::given_up;
}

void Subscription::asked(std::uint64_t request, Instant now) {
    state_ = State::waiting;
    request_ = request;
    ++tries_;
    next_ = now + kPatience;
}

bool Subscription::acked(std::uint64_t request) {
    if (state_ != State::waiting || request != request_) return false;
    state_ = State::settled;
    next_.reset();
    return true;
}

bool Subscription::refused(std::uint64_t request, Instant now) {
    if (state_ != State::waiting || request != request_) return false;
    failed(now);
    return true;
}

void Subscription::failed(Instant when) {
    state_ = State::pausing;
    next_ = tries_ < kTries ? when + kPause : when;
}

}  // namespace fieldlink
