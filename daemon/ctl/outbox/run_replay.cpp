#include <algorithm>
#include <chrono>
#include <iostream>

#include <poll.h>

#include "daemon/ctl/control_connection.hpp"
#include "daemon/ctl/human.hpp"
#include "daemon/ctl/outbox/outbox_verbs.hpp"
#include "daemon/ctl/outbox/progress.hpp"
#include "daemon/ctl/signals.hpp"
#include "daemon/ctl/usage_error.hpp"
#include "daemon/ctl/wall_now.hpp"

namespace fieldlink {
namespace {

using Clock = std::chrono::steady_clock;

std::string counted(const ChangeCount& count) {
    return count_text(count.messages, "message") + " (" + count_text(count.readings, "reading") + ")";
}

enum class Delivery { done, still_owed, unknown };

/// Waits until the daemon has delivered what was replayed, or until Ctrl-C.
Delivery watch_delivery(OutboxSource& source, Signals& signals, ProgressLine& progress) {
    std::uint64_t total = 0;
    auto owed = source.replay_owed();
    for (; owed && *owed > 0; owed = source.replay_owed()) {
        total = std::max(total, *owed);
        progress.show(bar_text(total - *owed, total) + "  " + std::to_string(total - *owed) + " of " +
                          count_text(total, "replayed message") + " delivered",
                      Clock::now());
        pollfd ended{signals.descriptor(), POLLIN, 0};
        constexpr int kPauseMs = 500;
        ::poll(&ended, 1, kPauseMs);
        if (!signals.end_wanted()) continue;
        progress.clear();
        std::cerr << count_text(*owed, "replayed message")
                  << " still owed: the daemon goes on delivering; fieldlinkctl outbox stats shows how many are left\n";
        return Delivery::still_owed;
    }
    progress.clear();
    return owed ? Delivery::done : Delivery::unknown;
}

ChangeCount mark(OutboxSource& source, const OutboxRequest& request, Signals& signals, ProgressLine& progress) {
    bool stopped = false;
    const ChangeCount done = change_all(source, request, [&](const ChangeCount& so_far) {
        progress.show("marked " + counted(so_far) + " to be sent again", Clock::now());
        stopped = signals.end_wanted();
        return !stopped;
    });
    progress.clear();
    if (stopped)
        throw ControlError("stopped: " + counted(done) + " will be sent again; run it once more for the others");
    return done;
}

void print(std::ostream& out, const ChangeCount& done, bool json) {
    if (json)
        out << R"({"messages":)" << done.messages << R"(,"readings":)" << done.readings << '}' << std::endl;
    else if (done.messages == 0)
        out << "nothing to replay: no delivered message that is still stored matches" << std::endl;
    else
        out << counted(done) << " will be sent again under their old ids" << std::endl;
}

}  // namespace

int run_outbox_replay(const OutboxVerbOptions& options, std::ostream& out) {
    if (options.selection.is_everything())
        throw UsageError("say which messages: --since 2h, --since T --until T, or --seq 400-412");
    OutboxRequest request;
    request.verb = OutboxVerb::replay;
    request.range = range_of(options.selection, wall_now());
    const auto source = open_outbox(options.place);
    Signals signals;
    ProgressLine progress = ProgressLine::on_stderr(true);
    const ChangeCount done = mark(*source, request, signals, progress);
    print(out, done, options.json);
    if (options.no_wait || done.messages == 0) return 0;
    if (watch_delivery(*source, signals, progress) == Delivery::done && !options.json) out << "all were delivered\n";
    return 0;
}

}  // namespace fieldlink
