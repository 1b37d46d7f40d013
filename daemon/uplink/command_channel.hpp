#pragma once

#include <string>

#include "daemon/uplink/duty.hpp"
#include "daemon/uplink/subscription.hpp"
#include "daemon/uplink/uplink.hpp"
#include "daemon/uplink/wire.hpp"

namespace fieldlink {

/// The duty of taking commands: subscribes to the commands channel on each connection, and hands on what comes on it.
/// [net thread]
class CommandChannel final : public Duty {
public:
    /// Keeps last_error, where the subscription is concerned, in `status`.
    CommandChannel(std::string channel, Uplink::Host& host, Wire& wire, LinkStatus& status);

    void connected(std::size_t max_frame, Instant now) override;
    void disconnected() override { is_connected_ = false; }
    void work(Instant now) override;
    std::optional<Instant> next(Instant now) const override;
    bool acked(std::uint64_t request, Instant now) override;
    bool refused(std::uint64_t request, const ServiceError& error, Instant now) override;
    bool received(const ChannelMessage& message) override;
    bool received(const DirectMessage& message) override;
    bool is_set_up() const override { return subscription_.settled(); }

private:
    void ask(Instant now);
    void give_up();

    std::string channel_;
    Uplink::Host& host_;
    Wire& wire_;
    LinkStatus& status_;
    Subscription subscription_;
    bool is_connected_ = false;
};

}  // namespace fieldlink
