#pragma once

#include <chrono>

#include "daemon/net/route.hpp"

namespace fieldlink::test {

inline std::chrono::seconds wall_clock() {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
}

/// A route on which certificates are judged by this time.
inline Route route_at(CertificateTime time, const TlsConfig& tls = {}) {
    return {tls, "", [time] { return time; }};
}

/// By a clock that is right.
inline Route true_route(const TlsConfig& tls = {}) {
    return route_at({wall_clock(), true}, tls);
}

}  // namespace fieldlink::test
