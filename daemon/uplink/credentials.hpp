#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>

#include "config/config.hpp"
#include "daemon/net/route.hpp"
#include "daemon/uplink/reactions.hpp"

namespace fieldlink {

/// A credential as it stands in the URL, or why there is none.
struct CredentialAnswer {
    std::string query;  ///< `token=…` or `key=…`, percent-encoded; empty: none
    Trouble trouble = Trouble::provisioning_failed;
    std::string error;            ///< for a person; holds no secret
    milliseconds retry_after{0};  ///< how long the provisioning service wants to be left alone; at most an hour
};

/// Where the credential for a connection comes from. A fresh one is fetched before every attempt. [net thread]
class Credentials {
public:
    using Done = std::function<void(CredentialAnswer)>;

    virtual ~Credentials() = default;

    /// `done` is called once, from the loop and never from inside fetch(), unless cancel() comes first.
    virtual void fetch(Done done) = 0;
    virtual void cancel() = 0;
};

/// Where the secret of the configured kind is kept.
const SecretRef& secret_of(const AuthConfig& auth);

/// The kind that the configuration asks for. The route is for the provisioning service.
std::unique_ptr<Credentials> make_credentials(boost::asio::io_context& io, const UplinkConfig& config,
                                              const Route& route);

/// `name=value` for a URL, every byte of `value` escaped that is not a letter, digit or one of -._~
std::string query_parameter(std::string_view name, std::string_view value);

}  // namespace fieldlink
