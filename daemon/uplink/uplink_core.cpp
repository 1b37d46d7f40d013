#include "daemon/uplink/uplink_core.hpp"

#include <utility>

namespace fieldlink {

UplinkCore::UplinkCore(const Config& config, Uplink::Host& host, Backoff::Random random, World publishing,
                       std::optional<World> commands)
    : host_(host),
      random_(std::move(random)),
      connects_(config.uplink.reconnect, [this] { return random_(); }),
      time_(publishing.time),
      publishing_wire_(publishing.transport, config.uplink.rate),
      publisher_(host, publishing_wire_, status_, config.uplink),
      command_channel_(config.uplink.channels.commands, host,
                       commands ? commands_wire_.emplace(commands->transport, config.uplink.rate) : publishing_wire_,
                       commands ? commands_status_ : status_) {
    const auto parts = [this](const World& world, Wire& wire) {
        // One source of chance for both: copies of it would keep them in step.
        return Link::Parts{world.time, world.transport, world.credentials,
                           wire,       connects_,       [this] { return random_(); }};
    };
    Link::Host& self = *this;
    std::vector<Duty*> duties{&command_channel_, &publisher_};
    if (commands) {
        duties = {&publisher_};
        commands_.emplace("uplink for commands", config, self, parts(*commands, *commands_wire_),
                          std::vector<Duty*>{&command_channel_}, commands_status_);
        status_.commands = commands_status_;
        running_ = 2;
    }
    publishing_.emplace("uplink", config, self, parts(publishing, publishing_wire_), std::move(duties), status_);
}

UplinkCore::~UplinkCore() = default;

template <class Call>
void UplinkCore::on_every_link(Call call) {
    call(*publishing_);
    if (commands_) call(*commands_);
}

void UplinkCore::start() {
    on_every_link([](Link& link) { link.start(); });
}

void UplinkCore::offer(std::vector<StoredMessage> messages) {
    publisher_.offer(std::move(messages));
    publishing_->wake_soon();
}

void UplinkCore::more_is_owed() {
    publisher_.more_is_owed();
    publishing_->wake_soon();
}

void UplinkCore::receipt(const Receipt& receipt) {
    publisher_.receipt(receipt, time_.now());
    publishing_->wake_soon();
}

void UplinkCore::retry_now() {
    on_every_link([](Link& link) { link.retry_now(); });
}

void UplinkCore::network_changed() {
    on_every_link([](Link& link) { link.network_changed(); });
}

void UplinkCore::stop(milliseconds patience, std::function<void()> done) {
    done_ = std::move(done);
    on_every_link([patience](Link& link) { link.stop(patience); });
}

void UplinkCore::link_changed() {
    host_.uplink_changed(status());
}

void UplinkCore::link_stopped() {
    // The last thing that is done here: the one who stopped us may destroy us now.
    if (--running_ == 0) std::exchange(done_, nullptr)();
}

const UplinkStatus& UplinkCore::status() {
    if (commands_) status_.commands = commands_status_;
    return status_;
}

}  // namespace fieldlink
