#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "daemon/uplink/backoff.hpp"
#include "daemon/uplink/connect_limit.hpp"
#include "daemon/uplink/credentials.hpp"
#include "daemon/uplink/duty.hpp"
#include "daemon/uplink/failure_log.hpp"
#include "daemon/uplink/keepalive.hpp"
#include "daemon/uplink/link_states.hpp"
#include "daemon/uplink/transport.hpp"
#include "daemon/uplink/uplink.hpp"
#include "daemon/uplink/wire.hpp"

namespace fieldlink {

/// One connection at a time to the service, for ever: drives the table of link_states.hpp. What a connection is used
/// for is up to its duties; time, the socket, the credential and chance are given to it.
///
/// [net thread] Calls into it only note what is wanted; everything happens when the timekeeper wakes it or the
/// transport reports.
class Link final : private Transport::Listener {
public:
    /// Calls come from the loop, never from inside a call into Link.
    class Host {
    public:
        virtual ~Host() = default;

        /// A welcome came just now: the service's clock.
        virtual void service_time(milliseconds unix_time) = 0;

        /// The same, from a server whose certificate was verified and is good until `certificate_ends`.
        virtual void verified_time(std::chrono::seconds unix_time, std::chrono::seconds certificate_ends) = 0;

        /// The status changed in what people see of it.
        virtual void link_changed() = 0;

        /// The link has come to its end after stop(). May destroy it.
        virtual void link_stopped() = 0;
    };

    struct Parts {
        Timekeeper& time;
        Transport& transport;
        Credentials& credentials;
        Wire& wire;
        ConnectLimit& connects;
        Backoff::Random random;
    };

    /// `name` is how the log calls it. The duties are served in their order.
    Link(std::string name, const Config& config, Host& host, Parts parts, std::vector<Duty*> duties,
         LinkStatus& status);
    ~Link() override;

    void start() { note(LinkEvent::start); }
    void retry_now();
    void network_changed() { note(LinkEvent::network_changed); }
    void stop(milliseconds patience);

    /// A duty has something to do.
    void wake_soon();

private:
    // link.cpp: the state machine
    void note(LinkEvent event);
    void on_wake();
    void on_deadline(Instant now);
    void handle(LinkEvent event);
    void count_attempt();
    void perform(LinkAction action);
    void connect_with_credential();
    void fetch_credential();
    void on_credential(const CredentialAnswer& answer);
    void close();
    void end_attempt();
    void finish();
    void wake_when_due();
    void report();
    bool is_connected() const { return shown_as(state_) == UplinkState::connected; }

    // link_retry.cpp: what failed, and when to come back
    void fail(const Reaction& reaction, std::string detail, milliseconds retry_after = milliseconds(0));
    void fail_by(LinkEvent event);
    void plan_retry();
    void hasten_retry();
    void hasten_by_network();
    void wait(milliseconds delay);
    void tell(const Failure& failure, milliseconds delay);

    // link_connection.cpp: what a connection needs while it lasts
    void begin_publishing();
    void pause(bool paused);
    void tend_connection(Instant now);
    bool is_dead(Instant now);
    void tend_token(Instant now);
    void tend_duties(Instant now);
    void plan_renewal(const Welcome& welcome, Instant now);
    void renew_later();
    void check_identity(std::string_view peer_id);

    // link_frames.cpp: what the transport reports
    void on_step(OpenStep step) override;
    void on_opened() override;
    void on_text(std::string_view text) override;
    void on_binary(std::size_t size) override;
    void on_failed(const OpenFailure& failure) override;
    void on_closed(int code, std::string_view reason) override;
    void received(const Ignored&);
    void received(const Welcome& welcome);
    void take_time(const Welcome& welcome);
    void received(const Ack& ack);
    void received(const ServiceError& error);
    void received(const ChannelMessage& message);
    void received(const DirectMessage& message);
    void received(const GoingAway& going_away);
    void received(const Pong&) {}
    void received(const Presence&) {}

    const std::string name_;
    const UplinkConfig config_;
    const std::string gateway_;
    Host& host_;
    Parts parts_;
    std::vector<Duty*> duties_;
    LinkStatus& status_;
    LinkStatus reported_;
    LinkState state_ = LinkState::idle;
    std::optional<Instant> state_ends_;
    std::deque<LinkEvent> noted_;
    bool wakes_soon_ = false;

    Backoff backoff_;
    FailureLog failure_log_;
    Keepalive keepalive_;
    Instant attempt_counts_;  ///< when, against the connects per minute
    std::optional<Instant> renew_at_;
    std::string query_;       ///< the credential for the connect that comes now
    std::string next_query_;  ///< the one that was fetched while the connection still lasted
    Failure failure_;         ///< of the attempt or connection that ends
    std::optional<milliseconds> going_away_;
    bool retry_wanted_ = false;  ///< since the attempt began, something was put right that it may not know of
    std::size_t max_frame_ = 0;
    std::string wrong_identity_;  ///< the peerId that was complained about
    milliseconds patience_{0};
    bool stop_is_told_ = false;
};

}  // namespace fieldlink
