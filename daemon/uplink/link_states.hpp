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
    connecting,      ///< DNS, TCP, TLS and the upgrade
    welcoming,       ///< waits for the service's first frame
    subscribing,     ///< publishes already; waits for the ack of the commands channel
    online,
    renewing,  ///< awaits the acks under way, to go on with a fresh token
    closing,   ///< has sent a close frame and will come back
    waiting,   ///< until the next attempt
    flushing,  ///< is to stop and publishes what it still can
    leaving,   ///< has sent the last close frame
    stopped
};

enum class LinkEvent {
    start,
    credential,  ///< there is one
    opened,      ///< the upgrade succeeded
    welcome,
    subscribed,  ///< or given up until the next connection
    renew,       ///< the token expires soon
    drained,     ///< what has to be acked in renewing, or sent in flushing, is
    dead,        ///< no ack, no frame: the other side is gone though the socket is not
    lost,        ///< the attempt failed or the connection ended
    deadline,    ///< the state's time is over
    retry_now,
    stop
};

enum class LinkAction {
    none,
    fetch_credential,
    open,
    begin_publishing,  ///< and subscribe
    pause_publishing,
    resume_publishing,
    close,  ///< with a close frame; the reason was noted before
    plan_retry,
    hasten_retry,
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
