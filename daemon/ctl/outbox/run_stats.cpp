#include "daemon/ctl/answers.hpp"
#include "daemon/ctl/human.hpp"
#include "daemon/ctl/outbox/outbox_verbs.hpp"
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
    if (outbox.replay_owed_messages)
        add_line(out, "", "of these replayed: " + count_text(*outbox.replay_owed_messages, "message"));
    add_line(out, "last seq", std::to_string(outbox.last_seq));
    const std::string limit = outbox.max_bytes > 0 ? ", at most " + bytes_text(outbox.max_bytes) : "";
    add_line(out, "on disk", bytes_text(outbox.file_bytes) + ", " + bytes_text(outbox.bytes) + " in use" + limit);
    add_line(out, "read", count_text(outbox.read_readings, "reading") + " since the file was made");
    add_line(out, "acked", count_text(outbox.acked_readings, "reading"));
    add_line(out, "dropped", count_text(outbox.dropped_readings, "reading"));
    return 0;
}

}  // namespace fieldlink
