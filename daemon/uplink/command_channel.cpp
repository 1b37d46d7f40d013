#include "daemon/uplink/command_channel.hpp"

#include <utility>

#include "daemon/foreign_text.hpp"
#include "daemon/log.hpp"

namespace fieldlink {

CommandChannel::CommandChannel(std::string channel, Uplink::Host& host, Wire& wire, LinkStatus& status)
    : channel_(std::move(channel)), host_(host), wire_(wire), status_(status) {}

void CommandChannel::connected(std::size_t, Instant now) {
    is_connected_ = true;
    subscription_.restart(now);
}

void CommandChannel::work(Instant now) {
    if (!is_connected_) return;
    switch (subscription_.step(now)) {
        case Subscription::Step::wait:
            return;
        case Subscription::Step::given_up:
            return give_up();
        case Subscription::Step::ask:
            return ask(now);
    }
}

void CommandChannel::ask(Instant now) {
    const std::uint64_t request = wire_.new_request();
    wire_.send(subscribe_frame(channel_, std::to_string(request)), now);
    subscription_.asked(request, now);
}

void CommandChannel::give_up() {
    status_.last_error =
        "the service does not let us subscribe to " + channel_ + ": no commands until the next connection";
    log::error("uplink: " + status_.last_error);
}

std::optional<Instant> CommandChannel::next(Instant) const {
    if (!is_connected_) return std::nullopt;
    return subscription_.next();
}

bool CommandChannel::acked(std::uint64_t request, Instant) {
    return subscription_.acked(request);
}

bool CommandChannel::refused(std::uint64_t request, const ServiceError& error, Instant now) {
    if (!subscription_.refused(request, now)) return false;
    status_.last_error = "the service refuses the subscription to " + channel_ + ": ";
    status_.last_error.append(foreign_text(error.code)).append(1, ' ').append(foreign_text(error.message));
    return true;
}

bool CommandChannel::received(const ChannelMessage& message) {
    if (!is_connected_ || message.channel != channel_) return false;
    host_.command(message.data, message.from);
    return true;
}

/// Where publishing has a link of its own, the service may deliver on that one as well: this one alone takes it.
bool CommandChannel::received(const DirectMessage& message) {
    if (!is_connected_) return false;
    host_.direct(message.data, message.from);
    return true;
}

}  // namespace fieldlink
