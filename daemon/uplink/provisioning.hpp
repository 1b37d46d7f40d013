#pragma once

#include "daemon/net/http_get.hpp"
#include "daemon/postbox.hpp"
#include "daemon/uplink/credentials.hpp"

namespace fieldlink {

/// A token from the user's own provisioning service: GET with the device's secret, answered by {"token":"…"}.
class Provisioning final : public Credentials {
public:
    Provisioning(boost::asio::io_context& io, ProvisionConfig config, Route route);

    void fetch(Done done) override;
    void cancel() override;

private:
    void ask(const Done& done);

    ProvisionConfig config_;
    HttpGet http_;
    Postbox postbox_;
};

/// What the service's answer means. Pure.
CredentialAnswer read_provisioning_answer(const HttpAnswer& answer);

}  // namespace fieldlink
