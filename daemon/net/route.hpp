#pragma once

#include <functional>
#include <string>

#include "config/config.hpp"
#include "daemon/clock/certificate_time.hpp"

namespace fieldlink {

/// How servers are reached, and by what and when they are trusted: the same for all that the gateway speaks to.
struct Route {
    TlsConfig tls;
    std::string proxy;  ///< http:// or https://; empty: the environment's, in the variables that libcurl reads
    std::function<CertificateTime()> certificate_time;  ///< asked for each TLS handshake
};

/// The steps of the way to a server, after the name was resolved.
enum class OpenStep { connecting, securing, upgrading };

/// At which of them the way ended.
enum class OpenFault {
    none,     ///< at none of them: the server was reached
    resolve,  ///< the name has no address, or nobody says
    connect,
    proxy,  ///< it is not there, or refuses
    tls     ///< the handshake failed, or a file for it cannot be used
};

}  // namespace fieldlink
