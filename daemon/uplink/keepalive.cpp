#include "daemon/uplink/keepalive.hpp"

#include <algorithm>

namespace fieldlink {

Instant Keepalive::next() const {
    return std::min(received_ + kDead, asked_ + kQuiet);
}

}  // namespace fieldlink
