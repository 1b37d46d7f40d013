#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>

#include <unistd.h>

#include "daemon/ctl/control_connection.hpp"
#include "daemon/ctl/human.hpp"
#include "daemon/ctl/outbox/csv.hpp"
#include "daemon/ctl/outbox/outbox_verbs.hpp"
#include "daemon/ctl/outbox/progress.hpp"
#include "daemon/ctl/terminal_text.hpp"
#include "daemon/ctl/usage_error.hpp"
#include "daemon/ctl/wall_now.hpp"

namespace fieldlink {
namespace {

/// Writes one message after the other.
class Exporter {
public:
    /// `on_screen`: `out` is a terminal, which shows the export itself.
    Exporter(std::ostream& out, bool csv, bool on_screen)
        : out_(out),
          csv_(csv),
          on_screen_(on_screen),
          progress_(ProgressLine::on_stderr(!on_screen && ::isatty(STDERR_FILENO))) {
        if (csv_) out_ << csv_header();
    }

    bool add(JsonValue entry) {
        const JsonValue message = entry["message"];
        if (!message.is_object()) {
            ++damaged_;
            return true;
        }
        const std::string text = csv_ ? csv_rows(message, on_screen_) : json_for_terminal(message.raw()) + '\n';
        out_ << text;
        ++messages_;
        bytes_ += text.size();
        progress_.show(so_far(), std::chrono::steady_clock::now());
        return out_.good();
    }

    int end(const std::string& output) {
        progress_.clear();
        out_.flush();
        if (!out_) throw ControlError((output.empty() ? "the output" : output) + " could not be written: disk full?");
        if (!output.empty()) std::cerr << so_far() << " to " << for_terminal(output) << '\n';
        if (damaged_ == 0) return 0;
        std::cerr << count_text(damaged_, "message") << " left out: damaged on disk\n";
        return 1;
    }

private:
    std::string so_far() const { return "exported " + count_text(messages_, "message") + ", " + bytes_text(bytes_); }

    std::ostream& out_;
    bool csv_, on_screen_;
    ProgressLine progress_;
    std::uint64_t messages_ = 0, bytes_ = 0, damaged_ = 0;
};

std::unique_ptr<std::ofstream> open_output(const std::string& path) {
    if (path.empty()) return nullptr;
    auto file = std::make_unique<std::ofstream>(path, std::ios::binary | std::ios::trunc);
    if (!*file) throw ControlError(path + ": cannot be written; choose another --output");
    return file;
}

}  // namespace

int run_outbox_export(const OutboxVerbOptions& options, std::ostream& out) {
    OutboxRequest request;
    request.range = range_of(options.selection, wall_now());
    request.bodies = true;
    // Before the outbox, because root becomes the outbox's owner, who may perhaps not write here.
    const auto file = open_output(options.output);
    const auto source = open_outbox(options.place);
    Exporter exporter(file ? *file : out, options.format == "csv", !file && ::isatty(STDOUT_FILENO));
    for_each_entry(*source, request, [&exporter](JsonValue entry) { return exporter.add(entry); });
    return exporter.end(options.output);
}

}  // namespace fieldlink
