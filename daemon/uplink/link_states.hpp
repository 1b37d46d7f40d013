#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "daemon/uplink/uplink.hpp"

/// The life of the uplink as a table: which event leads from which state to which, and what is done on the way. Every
/// state but the last has a way back to `online`.
namespace fieldlink {

enum class LinkState {
    idle,            ///< not started
    authenticating,  ///< gets a fresh credential
    resolving,       ///< DNS
    connecting,      ///< TCP, and the proxy where there is one
    securing,        ///< TLS
    upgrading,       ///< HTTP's answer that makes it a WebSocket
    welcoming,       ///< waits for the service's first frame
    subscribing,     ///< publishes already; waits for the ack of the commands channel
    online,
    refreshing,  ///< online, while the next token is fetched
    renewing,    ///< awaits the acks under way, to go on with that token
    closing,     ///< has sent a close frame and will come back
    waiting,     ///< until the next attempt
    flushing,    ///< is to stop and publishes what it still can
    leaving,     ///< has sent the last close frame
    stopped
};

enum class LinkEvent {
    start,
    credential,     ///< there is one
    no_credential,  ///< there is none
    resolved,       ///< an address is known
    reached,        ///< TCP is up, TLS begins
    secured,        ///< or needs no TLS
    opened,         ///< the upgrade succeeded
    welcome,
    subscribed,       ///< or given up until the next connection
    renew,            ///< the token expires soon
    drained,          ///< what has to be acked in renewing, or sent in flushing, is
    dead,             ///< no ack, no frame: the other side is gone though the socket is not
    lost,             ///< the attempt failed or the connection ended
    deadline,         ///< the state's time is over
    retry_now,        ///< somebody may have put right what a slow lane waits for
    network_changed,  ///< the kernel has a new address, route or link
    stop
};

enum class LinkAction {
    none,
    fetch_credential,
    refresh_credential,  ///< for the next connection, while this one goes on
    open,
    begin_publishing,  ///< and subscribe
    pause_publishing,
    resume_publishing,
    renew_later,
    probe,  ///< whether the other side is still there
    close,  ///< with a close frame; the reason was noted before
    plan_retry,
    hasten_retry,
    hasten_by_network,
    finish
};

struct Transition {
    LinkState state;
    LinkEvent event;
    LinkState next;
    LinkAction action;
};

/// The row for this event in this state; nullptr if it means nothing there.
const Transition* transition(LinkState state, LinkEvent event);

/// How long a state may last before the event `deadline`. Absent for those that may last for ever, and for waiting and
/// flushing, whose time is set by back-off and by the one who stops the uplink.
std::optional<std::chrono::milliseconds> time_limit(LinkState state);

std::string_view name(LinkState state);

/// What operators see of it.
UplinkState shown_as(LinkState state);

}  // namespace fieldlink
