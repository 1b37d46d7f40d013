#include "daemon/ctl/outbox/outbox_source.hpp"

#include <algorithm>

#include "daemon/ctl/answers.hpp"
#include "daemon/ctl/control_connection.hpp"
#include "daemon/ctl/outbox/daemon_outbox.hpp"
#include "daemon/ctl/outbox/file_outbox.hpp"

namespace fieldlink {
namespace {

/// A page holds at least one message whole, whatever its size.
constexpr JsonLimits kLimits{64 * 1024 * 1024, 32, 2'000'000};

/// Moves `request` on to the next piece; false at the end.
bool go_on(const JsonValue& answer, OutboxRequest& request) {
    if (answer["end"].boolean().value_or(true)) return false;
    const auto next = answer["next"].integer();
    if (!next || *next == request.from)
        throw ControlError("the outbox does not get beyond " + std::to_string(request.from) +
                           ": this is a bug; please report it with the output of fieldlinkctl outbox stats --json");
    request.from = *next;
    return true;
}

std::uint64_t count(JsonValue value) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, value.integer().value_or(0)));
}

std::string ask(OutboxSource& source, const OutboxRequest& request) {
    std::string line = source.ask(request);
    const std::string refusal = refusal_in(line);
    if (!refusal.empty()) throw ControlError(refusal);
    return line;
}

}  // namespace

std::unique_ptr<OutboxSource> open_outbox(const OutboxPlace& place) {
    if (place.file.empty()) return std::make_unique<DaemonOutbox>(place.socket);
    return std::make_unique<FileOutbox>(place.file);
}

void for_each_entry(OutboxSource& source, OutboxRequest request, const std::function<bool(JsonValue entry)>& visit) {
    for (;;) {
        const std::string line = ask(source, request);
        const JsonDocument answer(line, kLimits);
        for (JsonValue entry = answer.root()["entries"].first(); entry.exists(); entry = entry.next())
            if (!visit(entry)) return;
        if (!go_on(answer.root(), request)) return;
    }
}

ChangeCount change_all(OutboxSource& source, OutboxRequest request,
                       const std::function<bool(const ChangeCount&)>& after_piece) {
    ChangeCount done;
    for (;;) {
        const std::string line = ask(source, request);
        const JsonDocument answer(line, kLimits);
        done.messages += count(answer.root()["messages"]);
        done.readings += count(answer.root()["readings"]);
        if (!go_on(answer.root(), request) || !after_piece(done)) return done;
    }
}

}  // namespace fieldlink
