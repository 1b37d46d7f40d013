#include <algorithm>
#include <chrono>
#include <iostream>
#include <string>

#include <unistd.h>

#include "daemon/ctl/answers.hpp"
#include "daemon/ctl/human.hpp"
#include "daemon/ctl/outbox/outbox_verbs.hpp"
#include "daemon/ctl/outbox/progress.hpp"
#include "daemon/ctl/wall_now.hpp"

namespace fieldlink {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kNotDone = 2;

/// What a purge would remove.
struct Preview {
    ChangeCount delivered, owed;
    ChangeCount again;  ///< owed for a replay: delivered before

    std::uint64_t messages() const { return delivered.messages + owed.messages + again.messages; }

    void add(JsonValue entry, bool delivered_only) {
        const bool is_owed = entry["owed"].boolean().value_or(false);
        if (is_owed && (delivered_only || stays_while_owed(entry))) return;
        const bool is_replayed = entry["replayed"].boolean().value_or(false);
        ChangeCount& count = !is_owed ? delivered : is_replayed ? again : owed;
        count.messages += 1;
        count.readings +=
            static_cast<std::uint64_t>(std::max<std::int64_t>(0, entry["readings"].integer().value_or(0)));
    }

private:
    /// As Outbox::purge() has it.
    static bool stays_while_owed(JsonValue entry) {
        const auto kind = entry["kind"].string();
        return kind == "gap" || kind == "result";
    }
};

Preview preview_of(OutboxSource& source, const OutboxVerbOptions& options, const Range& range, ProgressLine& progress) {
    Preview preview;
    OutboxRequest request;
    request.range = range;
    for_each_entry(source, request, [&](JsonValue entry) {
        preview.add(entry, options.delivered_only);
        progress.show("found " + count_text(preview.messages(), "message"), Clock::now());
        return true;
    });
    progress.clear();
    return preview;
}

std::string text_of(const Preview& preview) {
    std::string text = count_text(preview.delivered.messages, "delivered message");
    if (preview.again.messages > 0)
        text += ", " + count_text(preview.again.messages, "message") + " of a replay that is under way";
    if (preview.owed.messages > 0)
        text += " and " + count_text(preview.owed.messages, "message") + " (" +
                count_text(preview.owed.readings, "reading") + ") that the service has not got yet";
    return text;
}

/// True if the user, who is asked, wants it.
bool is_confirmed(const Preview& preview) {
    if (!::isatty(STDIN_FILENO) || !::isatty(STDERR_FILENO)) {
        std::cerr << "this would remove " << text_of(preview) << "; nothing was removed: add --yes to do it\n";
        return false;
    }
    std::cerr << "This removes " << text_of(preview) << " for good. Type yes to go on: " << std::flush;
    std::string reply;
    std::getline(std::cin, reply);
    if (reply == "yes") return true;
    std::cerr << "nothing was removed\n";
    return false;
}

ChangeCount purge(OutboxSource& source, const Range& range, bool owed_too, ProgressLine& progress) {
    OutboxRequest request;
    request.verb = OutboxVerb::purge;
    request.range = range;
    request.owed_too = owed_too;
    const ChangeCount done = change_all(source, request, [&progress](const ChangeCount& so_far) {
        progress.show("removed " + count_text(so_far.messages, "message"), Clock::now());
        return true;
    });
    progress.clear();
    return done;
}

}  // namespace

int run_outbox_purge(const OutboxVerbOptions& options, std::ostream& out) {
    Range range = range_of(options.selection, wall_now());
    const auto source = open_outbox(options.place);
    // What the daemon stores from now on was neither counted nor meant.
    range.to_seq = std::min(range.to_seq, outbox_stats_in(source->stats()).last_seq);
    ProgressLine progress = ProgressLine::on_stderr(true);
    ChangeCount done;
    if (range.from_seq <= range.to_seq) {
        if (!options.yes && !is_confirmed(preview_of(*source, options, range, progress))) return kNotDone;
        done = purge(*source, range, !options.delivered_only, progress);
    }
    if (options.json)
        out << R"({"messages":)" << done.messages << R"(,"readings":)" << done.readings << "}\n";
    else
        out << "removed " << count_text(done.messages, "message") << " (" << count_text(done.readings, "reading")
            << ")\n";
    return 0;
}

}  // namespace fieldlink
