#include "daemon/uplink/keepalive.hpp"

#include <algorithm>

namespace fieldlink {

void Keepalive::received(Instant now) {
    ping_at_ = now + kQuiet;
    dead_at_ = now + kDead;
}

void Keepalive::doubt(Instant now) {
    ping_at_ = now;
    dead_at_ = std::min(dead_at_, now + kProbe);
}

Instant Keepalive::next() const {
    return std::min(dead_at_, ping_at_);
}

}  // namespace fieldlink
