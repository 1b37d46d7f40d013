#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <openssl/types.h>

#include "daemon/net/route.hpp"

namespace fieldlink {

/// What the other side of one TLS connection has to prove: TLS 1.2 or later, a chain that leads to `tls.ca_file`, or to
/// the system's store if there is none, valid at Route::certificate_time; and with what we prove ourselves, if a
/// certificate of our own is configured. The host's name is libcurl's to check.
///
/// Must live as long as the connection.
class ServerTrust {
public:
    explicit ServerTrust(const Route& route) : route_(route) {}
    ServerTrust(const ServerTrust&) = delete;
    ServerTrust& operator=(const ServerTrust&) = delete;

    /// Puts all this into a context, before the handshake. The files are read anew each time. False if one cannot be
    /// used; error() says which.
    bool apply(SSL_CTX* context);

    /// Why the chain was not trusted, or which file cannot be used, for a person; empty if all is well.
    const std::string& error() const { return error_; }

    /// The end of validity (Unix) of the certificate that was trusted last.
    std::optional<std::chrono::seconds> certificate_ends() const { return ends_; }

private:
    bool trust(SSL_CTX* context);
    bool identify(SSL_CTX* context);
    bool refuse(const char* key, const std::string& file);
    int verify(X509_STORE_CTX* chain);

    const Route& route_;
    CertificateTime time_;
    std::string error_;
    std::optional<std::chrono::seconds> ends_;
};

}  // namespace fieldlink
