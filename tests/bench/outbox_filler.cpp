// Makes an outbox that owes a backlog, as an outage would have left it: messages of 50 readings, numbered and stored by
// the product's own outbox. A gateway that is started on it must have the same id and outbox.max_size.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "daemon/message/clock.hpp"
#include "storage/outbox.hpp"
#include "tests/bench/fifty_readings.hpp"

namespace fieldlink {
namespace {

struct Arguments {
    std::string path, gateway = "bench-gateway";
    unsigned messages = 20'000, channels = 1;
    std::uint64_t max_bytes = 1 << 30;
};

OutboxOptions options_of(const Arguments& arguments) {
    OutboxOptions options;
    options.path = arguments.path;
    options.max_bytes = arguments.max_bytes;
    options.gateway = arguments.gateway;
    options.boot_id = boot_id();
    options.started = now();
    options.durability = DurabilityMode::process;
    return options;
}

/// The outage ended now: one message a second until then.
void fill(const Arguments& arguments) {
    constexpr unsigned kAtOnce = 10;
    Outbox outbox(options_of(arguments));
    FiftyReadings readings;
    std::vector<NewMessage> messages;
    for (unsigned i = 0; i < arguments.messages; ++i) {
        NewMessage message = readings.next();
        message.channel = "fleet/" + arguments.gateway + "/backlog";
        if (arguments.channels > 1) message.channel += '/' + std::to_string(i % arguments.channels);
        messages.push_back(std::move(message));
        if (messages.size() < kAtOnce && i + 1 < arguments.messages) continue;
        outbox.append(messages);
        messages.clear();
    }
    const OutboxStats stats = outbox.stats();
    if (!outbox.trouble().empty()) throw std::runtime_error(outbox.trouble());
    if (stats.owed_messages != arguments.messages || stats.dropped_readings > 0)
        throw std::runtime_error("not everything fits; give a larger --max-bytes");
}

}  // namespace
}  // namespace fieldlink

int main(int argc, char** argv) try {
    fieldlink::Arguments arguments;
    CLI::App app("Fills an outbox with a backlog, for benchmarks");
    app.add_option("path", arguments.path, "of the outbox")->required();
    app.add_option("--gateway", arguments.gateway, "its id")->capture_default_str();
    app.add_option("--messages", arguments.messages, "of 50 readings each")->capture_default_str();
    app.add_option("--channels", arguments.channels, "that take turns; above 512 no two messages share a publish")
        ->capture_default_str();
    app.add_option("--max-bytes", arguments.max_bytes, "outbox.max_size")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    fieldlink::fill(arguments);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "outbox_filler: %s\n", error.what());
    return 1;
}
