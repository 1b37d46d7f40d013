#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/uplink/backoff.hpp"
#include "daemon/uplink/credentials.hpp"
#include "daemon/uplink/failure_log.hpp"
#include "daemon/uplink/keepalive.hpp"
#include "daemon/uplink/link_states.hpp"
#include "daemon/uplink/publisher.hpp"
#include "daemon/uplink/subscription.hpp"
#include "daemon/uplink/transport.hpp"
#include "daemon/uplink/uplink.hpp"
#include "daemon/uplink/wire.hpp"

namespace fieldlink {

/// The uplink without what touches the world: time, the socket, the credential and chance are given to it. Drives the
/// table of link_states.hpp; what a state does with frames is in Publisher, Subscription and Keepalive.
///
/// [net thread] Same contract as Uplink. Calls into it only note what is wanted; everything happens when the timekeeper
/// wakes it or the transport reports.
class Link final : private Transport::Listener {
public:
    struct Parts {
        Timekeeper& time;
        Transport& transport;
        Credentials& credentials;
        Backoff::Random random;
    };

    Link(const Config& config, Uplink::Host& host, const Parts& parts);
    ~Link() override;

    void start() { note(LinkEvent::start); }
    void offer(std::vector<StoredMessage> messages);
    void more_is_owed();
    void receipt(const Receipt& receipt);
    void retry_now() { note(LinkEvent::retry_now); }
    void stop(milliseconds patience, std::function<void()> done);
    const UplinkStatus& status() const { return status_; }

private:
    // link.cpp: the state machine
    void note(LinkEvent event);
    void on_wake();
    void handle(LinkEvent event);
    void perform(LinkAction action);
    void fetch_credential();
    void on_credential(const CredentialAnswer& answer);
    void plan_retry();
    void wait(milliseconds delay);
    void finish();
    void wake_soon();
    void wake_when_due();
    void report();
    void fail(const Reaction& reaction, std::string detail, milliseconds retry_after = milliseconds(0));
    void fail_by(LinkEvent event);
    bool is_connected() const { return shown_as(state_) == UplinkState::connected; }

    // link_connection.cpp: what a connection needs while it lasts
    void begin_publishing();
    void tend_connection(Instant now);
    void tend_subscription(Instant now);

    // link_frames.cpp: what the transport reports
    void on_opened() override;
    void on_text(std::string_view text) override;
    void on_binary(std::size_t size) override;
    void on_failed(const OpenFailure& failure) override;
    void on_closed(int code, std::string_view reason) override;
    void received(const Ignored&);
    void received(const Welcome& welcome);
    void received(const Ack& ack);
    void received(const ServiceError& error);
    void received(const ChannelMessage& message);
    void received(const GoingAway& going_away);
    void received(const Pong&) {}
    void received(const Presence&) {}
    void plan_renewal(const Welcome& welcome, Instant now);
    void check_identity(std::string_view peer_id);

    const UplinkConfig config_;
    const std::string gateway_;
    Uplink::Host& host_;
    Parts parts_;
    UplinkStatus status_, reported_;
    LinkState state_ = LinkState::idle;
    std::optional<Instant> state_ends_;
    std::deque<LinkEvent> noted_;
    bool wakes_soon_ = false;

    Wire wire_;
    Backoff backoff_;
    FailureLog failure_log_;
    Publisher publisher_;
    Subscription subscription_;
    Keepalive keepalive_;
    std::optional<Instant> renew_at_;
    std::string query_;  ///< the credential for the connect that comes now
    Failure failure_;    ///< of the attempt or connection that ends
    std::optional<milliseconds> going_away_;
    std::size_t max_frame_ = 0;
    std::string wrong_identity_;  ///< the peerId that was complained about
    milliseconds patience_{0};
    std::function<void()> done_;
};

}  // namespace fieldlink
