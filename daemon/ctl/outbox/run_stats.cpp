#include "daemon/ctl/answers.hpp"
#include "daemon/ctl/human.hpp"
#include "daemon/ctl/outbox/outbox_verbs.hpp"
#include "daemon/ctl/status_view.hpp"
#include "daemon/ctl/terminal_text.hpp"

namespace fieldlink {
namespace {

void add_line(std::ostream& out, std::string word, const std::string& text) {
    word.resize(11, ' ');
    out << word << text << '\n';
}

}  // namespace

int run_outbox_stats(const OutboxVerbOptions& options, std::ostream& out) {
    const auto source = open_outbox(options.place);
    const std::string json = source->stats();
    if (options.json) {
        out << json_for_terminal(json) << '\n';
        return 0;
    }
    const StatusReport::Outbox outbox = outbox_stats_in(json);
    add_line(out, "owed",
             count_text(outbox.owed_messages, "message") + " (" + count_text(outbox.owed_readings, "reading") + ")");
    for (const std::string& note : outbox_notes(outbox))
        add_line(out, "", note);
    add_line(out, "last seq", std::to_string(outbox.last_seq));
    const std::string limit = outbox.max_bytes > 0 ? ", at most " + bytes_text(outbox.max_bytes) : "";
    add_line(out, "on disk", bytes_text(outbox.file_bytes) + ", " + bytes_text(outbox.bytes) + " in use" + limit);
    add_line(out, "read", count_text(outbox.read_readings, "reading") + " since the file was made");
    add_line(out, "acked", count_text(outbox.acked_readings, "reading"));
    const std::string reasons = reasons_text(outbox);
    add_line(out, "dropped",
             count_text(outbox.dropped_readings, "reading") + (reasons.empty() ? "" : " (" + reasons + ")"));
    if (outbox.quarantined_readings > 0)
        add_line(out, "refused", count_text(outbox.quarantined_readings, "reading") + ", by the service, for good");
    return 0;
}

}  // namespace fieldlink
