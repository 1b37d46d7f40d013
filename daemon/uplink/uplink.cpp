#include "daemon/uplink/uplink.hpp"

#include <random>

#include "daemon/uplink/uplink_core.hpp"

namespace fieldlink {
namespace {

Backoff::Random seeded_random() {
    // Every gateway its own sequence: after an outage the fleet must not come back in step.
    return [engine = std::mt19937(std::random_device{}())]() mutable {
        return std::uniform_real_distribution<double>(0, 1)(engine);
    };
}

/// What one link has of the world.
struct Line {
    Line(boost::asio::io_context& io, const UplinkConfig& config, const Route& route)
        : time(io), transport(make_websocket_transport(io, route)), credentials(make_credentials(io, config, route)) {}

    UplinkCore::World world() { return {time, *transport, *credentials}; }

    SystemTimekeeper time;
    std::unique_ptr<Transport> transport;
    std::unique_ptr<Credentials> credentials;
};

Route make_route(const UplinkConfig& config, Uplink::Host& host) {
    return {config.tls, config.proxy, [&host] { return host.certificate_time(); }};
}

}  // namespace

class Uplink::Impl {
public:
    Impl(boost::asio::io_context& io, const Config& config, Host& host)
        : publishing_(io, config.uplink, make_route(config.uplink, host)) {
        if (config.uplink.split) commands_.emplace(io, config.uplink, make_route(config.uplink, host));
        core.emplace(config, host, seeded_random(), publishing_.world(),
                     commands_ ? std::optional(commands_->world()) : std::nullopt);
    }

private:
    Line publishing_;
    std::optional<Line> commands_;

public:
    std::optional<UplinkCore> core;  // goes before what it uses
};

Uplink::Uplink(boost::asio::io_context& io, const Config& config, Host& host)
    : impl_(std::make_unique<Impl>(io, config, host)) {}

Uplink::~Uplink() = default;

void Uplink::start() {
    impl_->core->start();
}

void Uplink::offer(std::vector<StoredMessage> messages) {
    impl_->core->offer(std::move(messages));
}

void Uplink::more_is_owed() {
    impl_->core->more_is_owed();
}

void Uplink::receipt(const Receipt& receipt) {
    impl_->core->receipt(receipt);
}

void Uplink::retry_now() {
    impl_->core->retry_now();
}

void Uplink::network_changed() {
    impl_->core->network_changed();
}

void Uplink::stop(std::chrono::milliseconds patience, std::function<void()> done) {
    impl_->core->stop(patience, std::move(done));
}

const UplinkStatus& Uplink::status() const {
    return impl_->core->status();
}

}  // namespace fieldlink
