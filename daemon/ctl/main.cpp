#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "config/yaml/did_you_mean.hpp"
#include "daemon/check/check.hpp"
#include "daemon/ctl/control_connection.hpp"
#include "daemon/ctl/outbox_commands.hpp"
#include "daemon/ctl/terminal_text.hpp"
#include "daemon/ctl/usage_error.hpp"
#include "daemon/ctl/verbs.hpp"

namespace fieldlink {
namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

struct CheckOptions {
    std::filesystem::path file = "/etc/fieldlink/fieldlink.yaml";
    std::filesystem::path driver_dir = default_driver_dir();
};

void add_status(CLI::App& app, ControlOptions& options, int& exit_status) {
    CLI::App* verb = app.add_subcommand("status", "How the gateway is: uplink, outbox, storage, buses, sensors");
    verb->add_flag("--json", options.json, "One line of JSON, for scripts");
    verb->footer("Examples:\n  fieldlinkctl status\n  fieldlinkctl status --json | jq -r .uplink.state");
    verb->callback([&] { exit_status = run_status(options, std::cout); });
}

void add_tail(CLI::App& app, ControlOptions& options, int& exit_status) {
    CLI::App* verb = app.add_subcommand(
        "tail", "Readings as they come: a live table on a terminal, else a line each; Ctrl-C ends it");
    verb->add_flag("--json", options.json, "A line of JSON for each reading");
    verb->footer(
        "Examples:\n  fieldlinkctl tail\n  fieldlinkctl tail | grep boiler\n"
        "  fieldlinkctl tail --json | jq .values.temperature");
    verb->callback([&] { exit_status = run_tail(options, std::cout); });
}

CLI::App* add_command(CLI::App& app, ControlOptions& options, CommandOptions& command, int& exit_status,
                      const std::string& type, const char* what) {
    CLI::App* verb = app.add_subcommand(type, what);
    verb->add_option("SENSOR", command.sensor, "Its name in the configuration")->required();
    verb->add_flag("--json", options.json, "The result as one line of JSON");
    verb->callback([&, type] {
        command.type = type;
        exit_status = run_command(options, command, std::cout);
    });
    return verb;
}

void add_commands(CLI::App& app, ControlOptions& options, CommandOptions& command, int& exit_status) {
    CLI::App* read = add_command(app, options, command, exit_status, "read", "Read a sensor, or one point of it, now");
    read->add_option("POINT", command.point, "Only this point: prints its value alone");
    read->footer("Examples:\n  fieldlinkctl read boiler\n  fieldlinkctl read boiler temperature");
    CLI::App* write = add_command(app, options, command, exit_status, "write", "Write a point and read it back");
    write->add_option("POINT", command.point, "The point")->required();
    write->add_option("VALUE", command.value, "A number, true or on, false or off; else it is sent as text")
        ->required();
    write->footer(
        "For root and members of the group fieldlink-operators.\n\nExamples:\n"
        "  fieldlinkctl write boiler setpoint 60.5\n  fieldlinkctl write boiler pump on\n"
        "  fieldlinkctl write boiler offset -5\n"
        "  fieldlinkctl write boiler label -- -text");
    add_command(app, options, command, exit_status, "poll", "Poll a sensor now, and send the reading")
        ->footer("For root and members of the group fieldlink-operators.\n\nExample:\n  fieldlinkctl poll boiler");
}

/// Not in the help: the shells' completions call it.
void add_complete(CLI::App& app, ControlOptions& options, CommandOptions& words, int& exit_status) {
    CLI::App* verb = app.add_subcommand("complete", "Names for completion")->group("");
    verb->add_option("WHAT", words.type)->required()->check(CLI::IsMember({"sensors", "points"}));
    verb->add_option("SENSOR", words.sensor);
    verb->callback([&] { exit_status = run_complete(options, words.type, words.sensor, std::cout); });
}

void add_metrics(CLI::App& app, ControlOptions& options, int& exit_status) {
    CLI::App* verb = app.add_subcommand("metrics", "What the gateway counts, as OpenMetrics text");
    verb->footer("Examples:\n  fieldlinkctl metrics\n  fieldlinkctl metrics | grep owed");
    verb->callback([&] { exit_status = run_metrics(options, std::cout); });
}

void add_check(CLI::App& app, CheckOptions& options, int& exit_status) {
    CLI::App* verb = app.add_subcommand("check", "Check a configuration and its drop-ins; opens no device");
    verb->add_option("FILE", options.file, "The configuration")->capture_default_str();
    verb->add_option("--driver-dir", options.driver_dir, "Where the drivers are")->capture_default_str();
    verb->footer("Examples:\n  fieldlinkctl check\n  fieldlinkctl check ./new.yaml");
    verb->callback([&] { exit_status = run_check(options.file, options.driver_dir, std::cout); });
}

/// CLI11 only says that a verb is missing, be it that another word stands there.
void explain_missing_verb(const CLI::App& app, const CLI::ParseError& error) {
    const CLI::App* at = &app;
    while (!at->get_subcommands().empty())
        at = at->get_subcommands().front();
    std::vector<std::string> verbs;
    for (const CLI::App* verb : at->get_subcommands([](const CLI::App* verb) { return !verb->get_group().empty(); }))
        verbs.push_back(verb->get_name());
    if (verbs.empty() || error.get_exit_code() != static_cast<int>(CLI::ExitCodes::RequiredError)) return;
    const std::string place = at == &app ? app.get_name() : app.get_name() + " " + at->get_name();
    for (const std::string& word : app.remaining(true))
        if (word.rfind('-', 0) != 0)
            throw UsageError("\"" + word + "\" is no verb of " + place + did_you_mean(word, verbs));
    throw UsageError("the verb is missing" + did_you_mean("", verbs));
}

int parse_and_run(int argc, char** argv) {
    int exit_status = 0;
    ControlOptions control;
    CommandOptions command;
    CheckOptions check;
    CLI::App app("See and operate the fieldlink gateway on this machine.", "fieldlinkctl");
    app.set_version_flag("--version", "fieldlinkctl " FIELDLINK_VERSION);
    app.add_option("--socket", control.socket, "The daemon's control socket")
        ->envname("FIELDLINK_SOCKET")
        ->capture_default_str();
    app.require_subcommand(1);
    app.fallthrough();
    app.footer(
        "Exit status: 0 done, 1 failed, 2 wrong usage. `fieldlinkctl VERB --help` has examples; see also "
        "fieldlinkctl(1).");
    add_status(app, control, exit_status);
    add_tail(app, control, exit_status);
    add_commands(app, control, command, exit_status);
    add_complete(app, control, command, exit_status);
    add_outbox_commands(app, control.socket, exit_status);
    add_metrics(app, control, exit_status);
    add_check(app, check, exit_status);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        explain_missing_verb(app, error);
        return app.exit(error) == 0 ? 0 : kUsage;
    }
    return exit_status;
}

int run(int argc, char** argv) {
    try {
        const int exit_status = parse_and_run(argc, argv);
        if (std::cout.flush()) return exit_status;
        std::cerr << "fieldlinkctl: the output could not be written\n";
    } catch (const UsageError& error) {
        std::cerr << "fieldlinkctl: " << for_terminal(error.what()) << '\n';
        return kUsage;
    } catch (const std::exception& error) {
        std::cout.flush();
        std::cerr << "fieldlinkctl: " << for_terminal(error.what()) << '\n';
    }
    return kFailed;
}

}  // namespace
}  // namespace fieldlink

int main(int argc, char** argv) {
    return fieldlink::run(argc, argv);
}
