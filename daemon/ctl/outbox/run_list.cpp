#include <algorithm>
#include <iostream>
#include <vector>

#include "daemon/ctl/answers.hpp"
#include "daemon/ctl/human.hpp"
#include "daemon/ctl/outbox/outbox_verbs.hpp"
#include "daemon/ctl/table.hpp"
#include "daemon/ctl/terminal.hpp"
#include "daemon/ctl/terminal_text.hpp"
#include "daemon/ctl/wall_now.hpp"

namespace fieldlink {
namespace {

using Rows = std::vector<std::vector<Cell>>;

constexpr std::size_t kNewest = 20;

std::string text(JsonValue value) {
    return for_terminal(value.string().value_or(""));
}

Cell state_of(JsonValue entry) {
    if (entry["damaged"].boolean().value_or(false)) return {"damaged", Colour::bad};
    const bool replayed = entry["replayed"].boolean().value_or(false);
    if (entry["owed"].boolean().value_or(false)) return {replayed ? "owed, replayed" : "owed", Colour::warning};
    return {replayed ? "delivered, replayed" : "delivered", Colour::good};
}

std::vector<Cell> row_of(JsonValue entry) {
    return {{text(entry["epoch"])},
            {for_terminal(entry["seq"].raw()), Colour::none, true},
            {moment_text(std::chrono::milliseconds(entry["ts"].integer().value_or(0)))},
            {text(entry["kind"])},
            {for_terminal(entry["readings"].raw()), Colour::none, true},
            state_of(entry),
            {text(entry["channel"])}};
}

Rows heading() {
    Rows rows(1);
    for (const char* word : {"EPOCH", "SEQ", "TIME", "KIND", "READINGS", "STATE", "CHANNEL"})
        rows[0].push_back({word, Colour::heading});
    rows[0][1].to_the_right = rows[0][4].to_the_right = true;
    return rows;
}

/// Prints entries as they come, a table piece by piece: memory does not grow with what is listed.
class Listing {
public:
    Listing(std::ostream& out, bool json) : out_(out), json_(json), rows_(heading()) {}

    void add(JsonValue entry) {
        ++count_;
        if (json_) {
            out_ << json_for_terminal(entry.raw()) << '\n';
            return;
        }
        rows_.push_back(row_of(entry));
        if (rows_.size() > kPiece) print();
    }

    void print() {
        if (json_ || rows_.empty()) return;
        for (const std::string& line : table_lines(rows_, terminal_.style(), terminal_.width()))
            out_ << line << '\n';
        rows_.clear();
    }

    std::size_t count() const { return count_; }

private:
    static constexpr std::size_t kPiece = 1'000;
    Terminal terminal_;
    std::ostream& out_;
    bool json_;
    Rows rows_;
    std::size_t count_ = 0;
};

OutboxRequest request_for(OutboxSource& source, const OutboxVerbOptions& options) {
    OutboxRequest request;
    request.range = range_of(options.selection, wall_now());
    if (!options.selection.is_everything()) return request;
    const auto newest = static_cast<std::int64_t>(options.limit > 0 ? options.limit : kNewest);
    request.range.from_seq = std::max<std::int64_t>(0, outbox_stats_in(source.stats()).last_seq - newest + 1);
    return request;
}

}  // namespace

int run_outbox_list(const OutboxVerbOptions& options, std::ostream& out) {
    range_of(options.selection, wall_now());  // what cannot be meant is said before anything is opened
    const auto source = open_outbox(options.place);
    Listing listing(out, options.json);
    bool cut_off = false;
    for_each_entry(*source, request_for(*source, options), [&](JsonValue entry) {
        cut_off = options.limit > 0 && listing.count() == options.limit;
        if (!cut_off) listing.add(entry);
        return !cut_off && out.good();
    });
    if (listing.count() == 0) std::cerr << "no message that is stored matches\n";
    if (listing.count() > 0) listing.print();
    out.flush();
    if (cut_off) std::cerr << "there are more; raise --limit or narrow --since, --until and --seq\n";
    return 0;
}

}  // namespace fieldlink
