#include "daemon/uplink/connect_limit.hpp"

#include <algorithm>
#include <utility>

namespace fieldlink {

ConnectLimit::ConnectLimit(const ReconnectConfig& config, Backoff::Random random)
    : config_(config), random_(std::move(random)) {}

void ConnectLimit::connecting(Instant now) {
    recent_.push_back(now);
    if (recent_.size() > config_.per_minute) recent_.pop_front();
}

void ConnectLimit::still_connecting(Instant then, Instant now) {
    const auto found = std::find(recent_.begin(), recent_.end(), then);
    if (found == recent_.end()) return;
    recent_.erase(found);
    recent_.push_back(now);
}

milliseconds ConnectLimit::forbidden_for(Instant now) const {
    if (recent_.size() < config_.per_minute) return milliseconds(0);
    const auto allowed = recent_.front() + kMinute;
    return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(allowed - now));
}

milliseconds ConnectLimit::put_off_for(Instant now) {
    const milliseconds forbidden = forbidden_for(now);
    if (forbidden == milliseconds(0)) return forbidden;
    return forbidden + std::chrono::duration_cast<milliseconds>(config_.max_delay * random_());
}

}  // namespace fieldlink
