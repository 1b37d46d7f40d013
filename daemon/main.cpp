#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include <sys/resource.h>

#include "config/load.hpp"
#include "daemon/check/check.hpp"
#include "daemon/gateway.hpp"
#include "daemon/log.hpp"
#include "daemon/plugin/plugin_catalog.hpp"

namespace {

using namespace fieldlink;

struct Arguments {
    std::string config = "/etc/fieldlink/fieldlink.yaml";
    std::string driver_dir = default_driver_dir().string();
    bool check = false;
};

/// Absent: `exit_status` says how the process ends instead (help, version, a wrong argument).
std::optional<Arguments> parse(int argc, char** argv, int& exit_status) {
    Arguments arguments;
    CLI::App app("Gateway daemon: carries field sensors to cloud channels and loses nothing on the way.", "fieldlinkd");
    app.add_option("--config", arguments.config, "configuration; drop-ins are read from conf.d/ beside it")
        ->capture_default_str();
    app.add_option("--driver-dir", arguments.driver_dir, "where the drivers are ($FIELDLINK_DRIVER_DIR)")
        ->capture_default_str();
    app.add_flag("--check", arguments.check, "check the configuration, open nothing, and exit");
    app.set_version_flag("--version", FIELDLINK_VERSION);
    app.footer("Example:\n  fieldlinkd --config ./fieldlink.yaml --check\nSee fieldlinkd(8) and fieldlink.yaml(5).");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        constexpr int kUsage = 2;
        exit_status = app.exit(error) == 0 ? 0 : kUsage;
        return std::nullopt;
    }
    return arguments;
}

/// The level says whether it is an error, so the line need not say it again.
void log_problem(const Problem& problem) {
    const Mark& mark = problem.mark;
    log::write(problem.severity == Severity::error ? log::Level::error : log::Level::warning,
               mark.file + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column) + ": " + problem.text);
}

/// A core dump would hold the credentials. The limit keeps the kernel from writing a file; a handler at the end of a
/// pipe (core_pattern) is started in spite of it, and gets no memory because of the filter.
void keep_memory_out_of_core_dumps() {
    if (const char* const wanted = std::getenv("FIELDLINK_CORE"); wanted && std::string_view(wanted) == "1") return;
    rlimit limit{};
    ::getrlimit(RLIMIT_CORE, &limit);
    limit.rlim_cur = 0;
    const bool is_limited = ::setrlimit(RLIMIT_CORE, &limit) == 0;
    std::ofstream filter("/proc/self/coredump_filter");
    filter << "0" << std::flush;
    if (!is_limited || !filter) log::debug("a core dump would hold the credentials: it cannot be limited here");
}

int run(const Arguments& arguments) {
    DriverLibrary drivers(arguments.driver_dir);
    PluginCatalog catalog(drivers);
    const Loaded loaded = load_config(arguments.config, catalog);
    for (const Problem& problem : loaded.problems)
        log_problem(problem);
    if (!loaded.config) {
        log::error("the configuration is refused; correct it, try `fieldlinkd --check`, and start again");
        return 1;
    }
    log::notice("fieldlinkd " FIELDLINK_VERSION " starts as gateway " + loaded.config->gateway);
    return Gateway(*loaded.config, drivers).run();
}

}  // namespace

int main(int argc, char** argv) {
    int exit_status = 0;
    const auto arguments = parse(argc, argv, exit_status);
    if (!arguments) return exit_status;
    keep_memory_out_of_core_dumps();
    // A peer that went away is an error of the write, not a signal.
    std::signal(SIGPIPE, SIG_IGN);
    try {
        if (arguments->check) return run_check(arguments->config, arguments->driver_dir, std::cout);
        return run(*arguments);
    } catch (const std::exception& error) {
        log::error(error.what());
        return 1;
    }
}
