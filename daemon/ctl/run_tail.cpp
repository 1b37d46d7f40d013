#include <algorithm>
#include <array>
#include <chrono>

#include <poll.h>

#include "daemon/ctl/answers.hpp"
#include "daemon/ctl/control_connection.hpp"
#include "daemon/ctl/signals.hpp"
#include "daemon/ctl/terminal.hpp"
#include "daemon/ctl/terminal_text.hpp"
#include "daemon/ctl/verbs.hpp"

namespace fieldlink {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Faster than this nobody reads.
constexpr milliseconds kRedraw = 250ms;

/// Where the lines of `tail` go.
class Sink {
public:
    virtual ~Sink() = default;
    virtual void take(const std::string& line) = 0;
};

class JsonSink : public Sink {
public:
    explicit JsonSink(std::ostream& out) : out_(out) {}
    void take(const std::string& line) override { out_ << json_for_terminal(line) << std::endl; }

private:
    std::ostream& out_;
};

class PlainSink : public Sink {
public:
    explicit PlainSink(std::ostream& out) : out_(out) {}
    void take(const std::string& line) override {
        if (const auto reading = reading_in(line)) out_ << tail_line(*reading) << std::endl;
    }

private:
    std::ostream& out_;
};

class TableSink : public Sink {
public:
    explicit TableSink(std::ostream& out) : block_(out) {}
    void take(const std::string& line) override {
        if (const auto reading = reading_in(line))
            table_.take(*reading);
        else if (const auto report = status_in(line))
            table_.begin(*report);
    }
    void draw() {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const std::size_t rows = std::max<std::size_t>(terminal_.height(), 3) - 1;
        block_.draw(
            table_.lines(std::chrono::duration_cast<milliseconds>(now), terminal_.style(), terminal_.width(), rows));
    }

private:
    Terminal terminal_;
    LiveBlock block_;
    TailTable table_;
};

/// Waits for the daemon, a signal, or the end of `patience_ms` (negative: for ever). True if the daemon has something.
bool wait_for(const ControlConnection& daemon, const Signals& signals, int patience_ms) {
    std::array<pollfd, 2> sources{{{daemon.descriptor(), POLLIN, 0}, {signals.descriptor(), POLLIN, 0}}};
    ::poll(sources.data(), sources.size(), patience_ms);
    return sources[0].revents != 0;
}

void take_all(ControlConnection& daemon, Sink& sink) {
    while (const auto line = daemon.take_line())
        sink.take(*line);
}

int follow(ControlConnection& daemon, Signals& signals, Sink& sink, std::ostream& out) {
    take_all(daemon, sink);
    while (!signals.end_wanted() && out) {
        if (!wait_for(daemon, signals, -1)) continue;
        daemon.fill();
        take_all(daemon, sink);
    }
    return out ? 0 : 1;
}

int follow_live(ControlConnection& daemon, Signals& signals, std::ostream& out) {
    TableSink sink(out);
    daemon.send(R"({"verb":"status"})");
    Clock::time_point next_draw = Clock::now();
    while (!signals.end_wanted()) {
        const auto patience = std::chrono::ceil<milliseconds>(next_draw - Clock::now());
        if (wait_for(daemon, signals, std::max(0, static_cast<int>(patience.count())))) daemon.fill();
        take_all(daemon, sink);
        if (Clock::now() < next_draw) continue;
        sink.draw();
        next_draw = Clock::now() + kRedraw;
    }
    sink.draw();
    return 0;
}

}  // namespace

int run_tail(const ControlOptions& options, std::ostream& out) {
    ControlConnection daemon(options.socket);
    Signals signals;
    daemon.send(R"({"verb":"tail"})");
    const std::string refusal = refusal_in(daemon.receive(10s));
    if (!refusal.empty()) throw ControlError(refusal);
    if (options.json) {
        JsonSink sink(out);
        return follow(daemon, signals, sink, out);
    }
    if (Terminal().is_interactive()) return follow_live(daemon, signals, out);
    PlainSink sink(out);
    return follow(daemon, signals, sink, out);
}

}  // namespace fieldlink
