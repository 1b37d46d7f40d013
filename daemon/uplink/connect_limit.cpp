#include "daemon/uplink/connect_limit.hpp"

#include <algorithm>

namespace fieldlink {

void ConnectLimit::connecting(Instant now) {
    recent_.push_back(now);
    if (recent_.size() > per_minute_) recent_.pop_front();
}

milliseconds ConnectLimit::forbidden_for(Instant now) const {
    if (recent_.size() < per_minute_) return milliseconds(0);
    const auto allowed = recent_.front() + std::chrono::minutes(1);
    return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(allowed - now));
}

}  // namespace fieldlink
