#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "storage/range.hpp"

namespace fieldlink {

enum class OutboxVerb { list, replay, purge };

/// One piece of an operator's look at the outbox, or of a change to it.
///
///     {"verb":"outbox_list","range":R,"from":N,"max_messages":N,"bodies":BOOL}
///     {"verb":"outbox_replay","range":R,"from":N}
///     {"verb":"outbox_purge","range":R,"from":N,"owed_too":BOOL}
///
/// R is {"from_seq":N,"to_seq":N,"epoch":TEXT,"since":MS,"until":MS}. Everything but the verb may be left out. What is
/// not known is refused and not ignored: a range that was misspelt must not purge more than was meant.
struct OutboxRequest {
    static constexpr std::size_t kMaxMessages = 256;

    OutboxVerb verb = OutboxVerb::list;
    Range range;
    std::int64_t from = 0;                    ///< where the piece begins: 0, then `next` of the piece before
    std::size_t max_messages = kMaxMessages;  ///< in one piece; 1 to kMaxMessages
    bool bodies = false;                      ///< the messages themselves, as they are published
    bool owed_too = false;                    ///< purge: also what is still owed
};

/// True for what needs an operator's rights.
bool changes_outbox(OutboxVerb verb);

struct OutboxRequestRead {
    OutboxRequest request;
    std::string problem;  ///< what is wrong with the line and what to write instead; empty if nothing is
};

/// The line as a request. It is valid JSON with one of the verbs above.
OutboxRequestRead parse_outbox_request(std::string_view line);

/// The request as a line, without its end: parse_outbox_request() gives the same request again.
std::string to_json(const OutboxRequest& request);

}  // namespace fieldlink
