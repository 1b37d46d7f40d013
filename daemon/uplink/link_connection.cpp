#include "daemon/log.hpp"
#include "daemon/uplink/link.hpp"

namespace fieldlink {

void Link::begin_publishing() {
    const Instant now = parts_.time.now();
    backoff_.welcomed(now);
    keepalive_.restart(now);
    subscription_.restart(now);
    wire_.bucket().restart(now);
    publisher_.connected(max_frame_, now);
    const bool news = failure_log_.connected() || status_.connects == 0;
    ++status_.connects;
    const unsigned attempts = backoff_.attempts();
    log::write(news ? log::Level::notice : log::Level::debug,
               "uplink: connected to " + config_.url + " as " + status_.peer_id +
                   (attempts > 1 ? " after " + std::to_string(attempts) + " attempts" : ""));
}

void Link::tend_connection(Instant now) {
    if (keepalive_.dead(now) || publisher_.ack_is_late(now)) {
        publisher_.suspect_late(now);
        fail(reaction_to(keepalive_.dead(now) ? Trouble::silent : Trouble::ack_late), "");
        handle(LinkEvent::dead);
        return;
    }
    if (renew_at_ && now >= *renew_at_) {
        renew_at_.reset();
        handle(LinkEvent::renew);
    }
    if (keepalive_.ping_due(now)) {
        wire_.send(std::string(kPingFrame), now);
        keepalive_.pinged(now);
    }
    tend_subscription(now);
    publisher_.work(now);
    const bool drained = state_ == LinkState::flushing ? publisher_.all_published() : publisher_.nothing_under_way();
    if (drained && (state_ == LinkState::flushing || state_ == LinkState::renewing)) handle(LinkEvent::drained);
}

void Link::tend_subscription(Instant now) {
    switch (subscription_.step(now)) {
        case Subscription::Step::wait:
            return;
        case Subscription::Step::given_up:
            status_.last_error = "the service does not let us subscribe to " + config_.channels.commands +
                                 ": no commands until the next connection";
            log::error("uplink: " + status_.last_error);
            handle(LinkEvent::subscribed);
            return;
        case Subscription::Step::ask:
            break;
    }
    const std::uint64_t request = wire_.new_request();
    wire_.send(subscribe_frame(config_.channels.commands, std::to_string(request)), now);
    subscription_.asked(request, now);
}

}  // namespace fieldlink
