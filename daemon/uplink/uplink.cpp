#include "daemon/uplink/uplink.hpp"

#include <random>

#include "daemon/uplink/link.hpp"

namespace fieldlink {
namespace {

Backoff::Random seeded_random() {
    // Every gateway its own sequence: after an outage the fleet must not come back in step.
    return [engine = std::mt19937(std::random_device{}())]() mutable {
        return std::uniform_real_distribution<double>(0, 1)(engine);
    };
}

}  // namespace

/// The parts that touch the world, and the link that drives them.
class Uplink::Impl {
public:
    Impl(boost::asio::io_context& io, const Config& config, Host& host)
        : time_(io),
          transport_(make_websocket_transport(io, config.uplink.tls)),
          credentials_(make_credentials(io, config.uplink)),
          link(config, host, {time_, *transport_, *credentials_, seeded_random()}) {}

private:
    SystemTimekeeper time_;
    std::unique_ptr<Transport> transport_;
    std::unique_ptr<Credentials> credentials_;

public:
    Link link;
};

Uplink::Uplink(boost::asio::io_context& io, const Config& config, Host& host)
    : impl_(std::make_unique<Impl>(io, config, host)) {}

Uplink::~Uplink() = default;

void Uplink::start() {
    impl_->link.start();
}

void Uplink::offer(std::vector<StoredMessage> messages) {
    impl_->link.offer(std::move(messages));
}

void Uplink::more_is_owed() {
    impl_->link.more_is_owed();
}

void Uplink::receipt(const Receipt& receipt) {
    impl_->link.receipt(receipt);
}

void Uplink::retry_now() {
    impl_->link.retry_now();
}

void Uplink::stop(std::chrono::milliseconds patience, std::function<void()> done) {
    impl_->link.stop(patience, std::move(done));
}

const UplinkStatus& Uplink::status() const {
    return impl_->link.status();
}

}  // namespace fieldlink
