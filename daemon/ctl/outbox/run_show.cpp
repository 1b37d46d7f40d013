#include "daemon/ctl/control_connection.hpp"
#include "daemon/ctl/outbox/outbox_verbs.hpp"
#include "daemon/ctl/outbox/pretty_json.hpp"
#include "daemon/ctl/terminal_text.hpp"
#include "daemon/ctl/usage_error.hpp"

namespace fieldlink {
namespace {

void print(std::ostream& out, JsonValue entry, bool json) {
    const std::string safe = json_for_terminal(entry.raw());
    if (json) {
        out << safe << '\n';
        return;
    }
    const JsonDocument document(safe, {64 * 1024 * 1024, 32, 2'000'000});
    out << pretty_json(document.root());
}

}  // namespace

int run_outbox_show(const OutboxVerbOptions& options, std::ostream& out) {
    if (options.show_seq < 0) throw UsageError("SEQ: numbers of messages begin at 1");
    OutboxRequest request;
    request.range.from_seq = request.range.to_seq = options.show_seq;
    if (!options.selection.epoch.empty()) request.range.epoch = options.selection.epoch;
    request.bodies = true;
    const auto source = open_outbox(options.place);
    bool found = false;
    for_each_entry(*source, request, [&](JsonValue entry) {
        print(out, entry, options.json);
        return found = true;
    });
    if (found) return 0;
    throw ControlError("no message " + std::to_string(options.show_seq) +
                       " is stored: it was given up to make room, or there never was one; `fieldlinkctl outbox list` "
                       "shows the newest");
}

}  // namespace fieldlink
