#include "daemon/ctl/outbox_commands.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "daemon/ctl/outbox/outbox_verbs.hpp"

namespace fieldlink {
namespace {

using Run = int (*)(const OutboxVerbOptions& options, std::ostream& out);

constexpr int kMostListed = 1'000'000;

/// Lives as long as the command line, in the callbacks.
struct Commands {
    OutboxVerbOptions options;
    const std::string& socket;
    int& exit_status;

    void run(Run verb) {
        options.place.socket = socket;
        exit_status = verb(options, std::cout);
    }
};
using Shared = std::shared_ptr<Commands>;

CLI::App* add_verb(CLI::App& outbox, const Shared& commands, const char* name, const char* what, Run run) {
    CLI::App* verb = outbox.add_subcommand(name, what);
    verb->callback([commands, run] { commands->run(run); });
    return verb;
}

void add_json(CLI::App* verb, OutboxVerbOptions& options, const char* what) {
    verb->add_flag("--json", options.json, what);
}

void add_selection(CLI::App* verb, OutboxVerbOptions& options) {
    verb->add_option("--since", options.selection.since,
                     "Messages from then on: 2h (ago), Unix ms, or ISO 8601, e.g. 2025-11-24T14:03")
        ->type_name("T");
    verb->add_option("--until", options.selection.until, "Messages up to then")->type_name("T");
    verb->add_option("--seq", options.selection.seq, "Messages of these numbers: 418, 400-412, 400- or -412")
        ->type_name("A-B");
    verb->add_option("--epoch", options.selection.epoch, "Messages of this epoch")->type_name("EPOCH");
}

void add_stats(CLI::App& outbox, const Shared& commands) {
    CLI::App* verb = add_verb(outbox, commands, "stats", "How much is owed, how large it is, what became of readings",
                              run_outbox_stats);
    add_json(verb, commands->options, "One line of JSON, for scripts");
    verb->footer(
        "Examples:\n  fieldlinkctl outbox stats\n  fieldlinkctl outbox stats --json | jq .owed_messages\n"
        "  fieldlinkctl outbox stats --outbox /mnt/card/var/lib/fieldlink/outbox.db");
}

void add_list(CLI::App& outbox, const Shared& commands) {
    CLI::App* verb = add_verb(outbox, commands, "list", "The messages that are stored; without options the newest 20",
                              run_outbox_list);
    add_selection(verb, commands->options);
    verb->add_option("--limit", commands->options.limit, "At most so many")->check(CLI::Range(1, kMostListed));
    add_json(verb, commands->options, "A line of JSON for each message");
    verb->footer(
        "Examples:\n  fieldlinkctl outbox list\n  fieldlinkctl outbox list --since 2h\n"
        "  fieldlinkctl outbox list --seq 400-412 --json | jq .owed");
}

void add_show(CLI::App& outbox, const Shared& commands) {
    CLI::App* verb = add_verb(outbox, commands, "show", "One message as it is published", run_outbox_show);
    verb->add_option("SEQ", commands->options.show_seq, "Its number")->required();
    verb->add_option("--epoch", commands->options.selection.epoch, "Its epoch")->type_name("EPOCH");
    add_json(verb, commands->options, "One line of JSON, for scripts");
    verb->footer("Examples:\n  fieldlinkctl outbox show 418\n  fieldlinkctl outbox show 418 --json | jq .message");
}

void add_export(CLI::App& outbox, const Shared& commands) {
    CLI::App* verb =
        add_verb(outbox, commands, "export", "Messages as JSON Lines, or their readings as CSV", run_outbox_export);
    add_selection(verb, commands->options);
    verb->add_option("--format", commands->options.format, "jsonl: a message a line; csv: a value a row")
        ->check(CLI::IsMember({"jsonl", "csv"}))
        ->capture_default_str();
    verb->add_option("--output", commands->options.output, "Write to this file instead of standard output")
        ->type_name("FILE");
    verb->footer(
        "Examples:\n  fieldlinkctl outbox export --since 24h --format csv --output readings.csv\n"
        "  fieldlinkctl outbox export --seq 400-412 | jq .messageId\n"
        "  fieldlinkctl outbox export --outbox ./outbox.db >all.jsonl");
}

void add_replay(CLI::App& outbox, const Shared& commands) {
    CLI::App* verb = add_verb(outbox, commands, "replay",
                              "Have delivered messages sent again, under their old ids; Ctrl-C only stops watching",
                              run_outbox_replay);
    add_selection(verb, commands->options);
    verb->add_flag("--no-wait", commands->options.no_wait, "Do not wait until they were delivered");
    add_json(verb, commands->options, "One line of JSON with what was marked");
    verb->footer(
        "Examples:\n  fieldlinkctl outbox replay --since 12h\n"
        "  fieldlinkctl outbox replay --since 2025-11-24T22:00 --until 2025-11-25T06:00\n"
        "  fieldlinkctl outbox replay --seq 400-412 --no-wait");
}

void add_purge(CLI::App& outbox, const Shared& commands) {
    CLI::App* verb = add_verb(outbox, commands, "purge", "Remove stored messages; what was owed becomes a gap record",
                              run_outbox_purge);
    add_selection(verb, commands->options);
    verb->add_flag("--delivered-only", commands->options.delivered_only, "Leave what is owed");
    verb->add_flag("--yes", commands->options.yes, "Do not ask");
    add_json(verb, commands->options, "One line of JSON with what was removed");
    verb->footer(
        "Without --yes it asks; where it cannot ask it says what it would remove and ends with status 2.\n\n"
        "Examples:\n  fieldlinkctl outbox purge --delivered-only --yes\n  fieldlinkctl outbox purge --until 7d");
}

}  // namespace

void add_outbox_commands(CLI::App& app, const std::string& socket, int& exit_status) {
    const auto commands = std::make_shared<Commands>(Commands{{}, socket, exit_status});
    CLI::App* outbox = app.add_subcommand("outbox", "See, export, replay and purge what is stored");
    outbox
        ->add_option("--outbox", commands->options.place.file,
                     "Work on this file, without the daemon, e.g. /var/lib/fieldlink/outbox.db")
        ->type_name("PATH");
    outbox->require_subcommand(1);
    outbox->fallthrough();
    outbox->footer(
        "replay and purge are for root and members of the group fieldlink-operators. `fieldlinkctl outbox VERB "
        "--help` has examples.");
    add_stats(*outbox, commands);
    add_list(*outbox, commands);
    add_show(*outbox, commands);
    add_export(*outbox, commands);
    add_replay(*outbox, commands);
    add_purge(*outbox, commands);
}

}  // namespace fieldlink
