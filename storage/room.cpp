#include "storage/room.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace fieldlink {
namespace {

constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();

std::uint64_t first_column(Statement& statement) {
    Rows rows = statement.query();
    return rows.next() ? static_cast<std::uint64_t>(rows.integer(0)) : 0;
}

}  // namespace

Room::Room(Database& database, MessageTable& messages, MessageTable& urgent, Ledger& ledger, const Sending& sending)
    : messages_(messages),
      delivered_{messages, ledger.owed(), 0},
      delivered_urgent_{urgent, ledger.urgent(), 0},
      ledger_(ledger),
      sending_(sending),
      page_count_(database, "PRAGMA page_count"),
      free_count_(database, "PRAGMA freelist_count") {}

std::uint64_t Room::used_pages() {
    return file_pages() - first_column(free_count_);
}

std::uint64_t Room::file_pages() {
    return first_column(page_count_);
}

bool Room::reached(const Goal& goal, const Freed& freed) {
    return freed.rows >= goal.max_rows || used_pages() <= goal.pages;
}

void Room::remove(MessageTable& table, std::int64_t seq, Freed& freed) {
    table.erase(seq);
    ledger_.row_removed();
    ++freed.rows;
}

Room::Freed Room::free_down_to(std::uint64_t pages, std::uint64_t max_rows) {
    const Goal goal{pages, max_rows};
    Freed freed;
    give_up_delivered(goal, freed);
    drop_owed(goal, false, freed);
    drop_owed(goal, true, freed);
    return freed;
}

void Room::delivered(std::int64_t seq, bool urgent) {
    Delivered& oldest = urgent ? delivered_urgent_ : delivered_;
    oldest.seq = std::min(oldest.seq, seq);
}

void Room::rolled_back() {
    delivered_.seq = delivered_urgent_.seq = 0;
}

void Room::Delivered::advance(std::int64_t from) {
    for (auto row = table.head(from); row; row = table.head(from)) {
        seq = row->seq;
        if (!owed.contains(seq)) return;
        from = owed.end_of_run(seq) + 1;
    }
    seq = kNone;
}

void Room::give_up_delivered(const Goal& goal, Freed& freed) {
    if (reached(goal, freed)) return;
    delivered_.advance(delivered_.seq);
    delivered_urgent_.advance(delivered_urgent_.seq);
    while (!reached(goal, freed)) {
        Delivered& oldest = delivered_.seq <= delivered_urgent_.seq ? delivered_ : delivered_urgent_;
        if (oldest.seq == kNone) return;
        remove(oldest.table, oldest.seq, freed);
        oldest.advance(oldest.seq + 1);
    }
}

void Room::drop_owed(const Goal& goal, bool in_flight_too, Freed& freed) {
    std::int64_t cursor = 0;
    while (!reached(goal, freed)) {
        const auto seq = ledger_.owed().next_after(cursor);
        if (!seq) return;
        cursor = *seq;
        if (!in_flight_too && sending_.in_flight(*seq)) continue;
        auto head = messages_.head(*seq);
        // A row that damage took away is found, and reported, when its turn to be sent comes.
        if (!head || head->seq != *seq) continue;
        remove(messages_, *seq, freed);
        ledger_.lost(*seq, *seq, false, head->readings);
        freed.dropped.push_back(std::move(*head));
    }
}

}  // namespace fieldlink
