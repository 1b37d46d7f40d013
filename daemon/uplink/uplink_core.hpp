#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/uplink/command_channel.hpp"
#include "daemon/uplink/link.hpp"
#include "daemon/uplink/publisher.hpp"
#include "daemon/uplink/uplink.hpp"

namespace fieldlink {

/// The uplink without what touches the world: one link with both duties, or two that share the connects per minute.
///
/// [net thread] Same contract as Uplink.
class UplinkCore final : private Link::Host {
public:
    /// What a link has of the world.
    struct World {
        Timekeeper& time;
        Transport& transport;
        Credentials& credentials;
    };

    /// With a world of their own, commands get a link of their own.
    UplinkCore(const Config& config, Uplink::Host& host, Backoff::Random random, World publishing,
               std::optional<World> commands = std::nullopt);
    ~UplinkCore() override;

    void start();
    void offer(std::vector<StoredMessage> messages);
    void more_is_owed();
    void receipt(const Receipt& receipt);
    void retry_now();
    void network_changed();
    void stop(milliseconds patience, std::function<void()> done);
    const UplinkStatus& status();

private:
    void service_time(milliseconds unix_time) override { host_.service_time(unix_time); }
    void verified_time(std::chrono::seconds unix_time, std::chrono::seconds certificate_ends) override {
        host_.verified_time(unix_time, certificate_ends);
    }
    void link_changed() override;
    void link_stopped() override;

    template <class Call>
    void on_every_link(Call call);

    Uplink::Host& host_;
    Backoff::Random random_;
    ConnectLimit connects_;
    UplinkStatus status_;
    LinkStatus commands_status_;
    Timekeeper& time_;  ///< of the link that publishes
    Wire publishing_wire_;
    std::optional<Wire> commands_wire_;
    Publisher publisher_;
    CommandChannel command_channel_;
    std::optional<Link> publishing_, commands_;
    std::size_t running_ = 1;  ///< links that were not stopped
    std::function<void()> done_;
};

}  // namespace fieldlink
