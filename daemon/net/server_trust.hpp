#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "config/config.hpp"

namespace fieldlink {

/// What a TLS connection to `host` has to fulfil: TLS 1.2 or later, a chain that leads to `tls.ca_file` or the system's
/// store, a certificate for that name or address; with our own certificate if one is configured. The files are read
/// anew each time. Throws std::runtime_error with a file's name if one cannot be used.
std::shared_ptr<boost::asio::ssl::context> make_tls_context(const TlsConfig& tls, const std::string& host);

/// Why OpenSSL did not trust the other side, for a person; empty if it did.
std::string tls_refusal(SSL* connection);

}  // namespace fieldlink
