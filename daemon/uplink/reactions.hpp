#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "daemon/uplink/backoff.hpp"

namespace fieldlink {

/// What went wrong on the way to the service or with the connection, where neither a close code nor an HTTP status of
/// the service says so.
enum class Trouble {
    connection_lost,  ///< or never made
    unknown_host,     ///< DNS does not know it, or nobody asks DNS
    proxy_failed,
    tls_failed,
    no_welcome,
    phase_too_long,
    ack_late,
    silent,
    token_expires,  ///< not trouble but plan: a new connection with a fresh token
    secret_unreadable,
    provisioning_refused,  ///< 401 or 403
    provisioning_failed,   ///< down, slow, or an answer that is none
};

/// Who puts it right. What needs somebody is logged as an error.
enum class Remedy {
    none,       ///< it passes
    person,     ///< somebody has to do something
    credential  ///< namely, give another credential
};

/// What follows from it: how soon to come back, and what a person should know and do.
struct Reaction {
    Retry retry = Retry::normal;
    milliseconds floor{0};
    Remedy remedy = Remedy::none;
    std::string_view what;    ///< in a few words
    std::string_view advice;  ///< what a person should do; empty: nothing
};

/// One row of the table of reactions.
struct ReactionRow {
    enum class Kind { trouble, close, http };
    static constexpr int kAnyOther = -1;  ///< the code of all that have no row of their own

    Kind kind;
    int code;  ///< a Trouble, a close code or an HTTP status
    Reaction reaction;
};

/// The table in its order. What the manual says of it is held against this.
std::vector<ReactionRow> all_reactions();

const Reaction& reaction_to(Trouble trouble);

/// The service closed the connection; 1006 when it was lost without a close frame.
const Reaction& reaction_to_close(int code);

/// The upgrade to WebSocket was answered with this HTTP status.
const Reaction& reaction_to_http(int status);

/// How far an `error` that answers a publish reaches: what is held until it is tried again.
enum class Scope { message, channel, everything };

/// Nothing is dropped for an error: what it is about is held and tried again, with a delay that doubles up to `most`.
struct Refusal {
    std::string_view code;
    Scope scope = Scope::message;
    milliseconds first{1'000}, most{60'000};
    std::string_view advice;
};

/// An unknown code counts as one about that message.
const Refusal& refusal(std::string_view code);

/// Those of the known codes, and at the end that of an unknown one, whose code is empty.
std::vector<Refusal> all_refusals();

}  // namespace fieldlink
