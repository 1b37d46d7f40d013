#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "daemon/json/reader.hpp"
#include "daemon/outbox_tool/outbox_request.hpp"

namespace fieldlink {

/// The outbox that a verb works on: the running daemon's or a file. Blocks; one thread. Everything here throws
/// ControlError, whose text is for the user.
class OutboxSource {
public:
    virtual ~OutboxSource() = default;

    /// The answer line to one request (daemon/outbox_tool/outbox_answer.hpp), a refusal included.
    virtual std::string ask(const OutboxRequest& request) = 0;

    /// A JSON object with owed_messages, owed_readings, bytes, file_bytes, dropped_readings, last_seq and perhaps more.
    virtual std::string stats() = 0;

    /// How many of the replayed messages are still owed; absent if nobody sends them, or if it is not known.
    virtual std::optional<std::uint64_t> replay_owed() = 0;
};

/// Where it is.
struct OutboxPlace {
    std::string socket;
    std::string file;  ///< empty: ask the daemon
};

/// A connection to the daemon, or the file: nothing is created, and root becomes the file's owner for the rest of the
/// process. Throws ControlError if the file is missing, is in use by the daemon or may not be written.
std::unique_ptr<OutboxSource> open_outbox(const OutboxPlace& place);

/// Walks all entries of the answers, piece by piece, until `visit` returns false. An entry is valid during the call.
void for_each_entry(OutboxSource& source, OutboxRequest request, const std::function<bool(JsonValue entry)>& visit);

/// What a change has done.
struct ChangeCount {
    std::uint64_t messages = 0, readings = 0;
};

/// Does the whole change piece by piece; `after_piece` gets the counts so far and returns false to stop.
ChangeCount change_all(OutboxSource& source, OutboxRequest request,
                       const std::function<bool(const ChangeCount&)>& after_piece);

}  // namespace fieldlink
