#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "daemon/outbox_tool/outbox_request.hpp"
#include "storage/outbox.hpp"

/// What is answered to an OutboxRequest: one JSON object on one line, without its end.
namespace fieldlink {

/// Does what is asked and says what came of it; an error of the storage is an answer as well. On the thread that the
/// outbox belongs to. One piece takes about as long as a commit, whatever is stored.
std::string answer(Outbox& outbox, const OutboxRequest& request);

/// {"ok":true,"entries":[…],"next":N,"end":BOOL}. An entry has seq, epoch, channel, kind, ts, readings, owed, replayed
/// and damaged; with `bodies` also the message as it is published, or null if it is damaged.
/// `true_offset` as for render().
std::string page_answer(const Page& page, bool bodies, std::optional<std::chrono::milliseconds> true_offset);

/// {"ok":true,"messages":N,"readings":N,"next":N,"end":BOOL}
std::string progress_answer(const Progress& progress);

/// {"owed_messages":N,…}: what `status` has under `outbox`. `waiting_readings` were read and are in no message yet, so
/// that read = suppressed + acked + owed + waiting + dropped + quarantined.
std::string stats_json(const OutboxStats& stats, std::uint64_t waiting_readings);

}  // namespace fieldlink
