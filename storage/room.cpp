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

Room::Room(Database& database, const Budget& budget, DropPolicy policy, MessageTable& messages, MessageTable& urgent,
           Ledger& ledger)
    : budget_(budget),
      policy_(policy),
      messages_(messages),
      urgent_(urgent),
      delivered_{messages, ledger.owed(), false, 0},
      delivered_urgent_{urgent, ledger.urgent(), true, 0},
      ledger_(ledger),
      page_count_(database, "PRAGMA page_count"),
      free_count_(database, "PRAGMA freelist_count") {}

std::uint64_t Room::used_pages() {
    return file_pages() - first_column(free_count_);
}

std::uint64_t Room::file_pages() {
    return first_column(page_count_);
}

bool Room::reached(std::uint64_t pages, const Freed& freed) {
    return freed.frames >= budget_.room_frames() || used_pages() <= pages;
}

void Room::remove(bool urgent, const RowHead& head, Freed& freed) {
    (urgent ? urgent_ : messages_).erase(head.position);
    ledger_.row_removed(urgent, head.bytes);
    freed.frames += Budget::kFramesPerRemoval;
}

Room::Freed Room::free_down_to(std::uint64_t pages, const Sending& sending) {
    Freed freed;
    give_up_delivered(pages, freed);
    give_up_replayed(pages, freed);
    if (reached(pages, freed)) return freed;
    freed.by_policy = true;
    switch (policy_) {
        case DropPolicy::newest:
            freed.exhausted = true;
            return freed;
        case DropPolicy::thin:
            thin(pages, sending, freed);
            [[fallthrough]];
        case DropPolicy::oldest:
            drop_oldest(pages, &sending, freed);
            drop_oldest(pages, nullptr, freed);
    }
    freed.exhausted = !reached(pages, freed);
    return freed;
}

void Room::delivered(std::int64_t position, bool urgent) {
    Delivered& oldest = urgent ? delivered_urgent_ : delivered_;
    oldest.position = std::min(oldest.position, position);
}

void Room::rolled_back() {
    delivered_.position = delivered_urgent_.position = 0;
    alternation_.restart();
}

void Room::Delivered::advance(std::int64_t from) {
    for (auto row = table.head(from); row; row = table.head(from)) {
        position = row->position;
        if (!owed.contains(position)) return;
        from = owed.end_of_run(position) + 1;
    }
    position = kNone;
}

Room::Delivered& Room::oldest_delivered() {
    if (delivered_.position != kNone) delivered_.advance(delivered_.position);
    if (delivered_urgent_.position != kNone) delivered_urgent_.advance(delivered_urgent_.position);
    return delivered_.position <= delivered_urgent_.position ? delivered_ : delivered_urgent_;
}

void Room::give_up_oldest(Delivered& delivered, Freed& freed) {
    const auto head = delivered.table.head(delivered.position);
    if (!head) return;
    remove(delivered.urgent, *head, freed);
    delivered.advance(head->position + 1);
}

void Room::give_up_delivered(std::uint64_t pages, Freed& freed) {
    while (!reached(pages, freed)) {
        Delivered& oldest = oldest_delivered();
        if (oldest.position == kNone) return;
        give_up_oldest(oldest, freed);
    }
}

void Room::trim_urgent(std::uint64_t max_rows) {
    Freed freed;
    for (; max_rows > 0; --max_rows) {
        if (delivered_urgent_.position != kNone) delivered_urgent_.advance(delivered_urgent_.position);
        if (delivered_urgent_.position == kNone) return;
        give_up_oldest(delivered_urgent_, freed);
    }
}

void Room::purge(const RowHead& head, bool urgent) {
    Freed freed;
    remove(urgent, head, freed);
}

void Room::give_up_replayed(std::uint64_t pages, Freed& freed) {
    std::int64_t cursor = 0;
    while (!reached(pages, freed)) {
        const auto position = ledger_.replayed().next_after(cursor);
        if (!position) return;
        cursor = *position;
        const bool urgent = ledger_.urgent().contains(*position);
        const auto head = (urgent ? urgent_ : messages_).head(*position);
        if (!head) return;
        if (head->position != *position) {
            cursor = head->position - 1;
            continue;
        }
        ledger_.replay_given_up(*position, urgent, head->readings);
        remove(urgent, *head, freed);
    }
}

void Room::drop_oldest(std::uint64_t pages, const Sending* spared, Freed& freed) {
    const Buffer none;
    const OwedView owed(&ledger_.urgent(), &ledger_.owed(), none);
    std::int64_t cursor = 0;
    while (!reached(pages, freed)) {
        const auto position = spared ? spared->next_after(owed, cursor, false) : owed.next_after(cursor, false);
        if (!position) return;
        cursor = *position;
        auto head = messages_.head(*position);
        // Rows that damage took away are found, and reported, when their turn to be sent comes.
        if (!head) return;
        if (head->position != *position) {
            cursor = head->position - 1;
            continue;
        }
        remove(false, *head, freed);
        ledger_.lost(*position, *position, false, head->readings, "outbox_full");
        freed.given_up.push_back({std::move(*head), true});
    }
}

void Room::begin_pass() {
    const Counters& counters = ledger_.counters();
    alternation_.restart();
    ledger_.set_thinning(counters.thinned + 1, 1, counters.last_position);
}

/// Goes on with the present pass over the log; when that is through and there is still no room, begins the next one.
void Room::thin(std::uint64_t pages, const Sending& spared, Freed& freed) {
    while (!reached(pages, freed)) {
        ++freed.frames;  // looking costs nothing of the WAL, but one commit may not look for ever
        const Counters& counters = ledger_.counters();
        const auto position = ledger_.owed().next_after(counters.thin_next - 1);
        if (counters.thinned == 0 || !position || *position > counters.thin_last) {
            // Two passes without a row that gives anything: all that is left is one reading of each sensor.
            if (++barren_passes_ > 2) {
                barren_passes_ = 0;
                return;
            }
            begin_pass();
            continue;
        }
        auto row = messages_.read(*position);
        const std::int64_t next = row ? std::max(*position + 1, row->head.position) : counters.thin_last + 1;
        ledger_.set_thinning(counters.thinned, next, counters.thin_last);
        // What a receiver may have under this id must not become something else.
        if (spared.may_have_arrived(*position)) continue;
        const bool is_there = row && row->head.position == *position && row->head.kind == Kind::readings;
        // A damaged row would be written again with a checksum that is right.
        if (!is_there || !messages_.is_whole(*row)) continue;
        const std::size_t before = freed.given_up.size();
        thin_row(*row, freed);
        if (freed.given_up.size() > before) barren_passes_ = 0;
    }
}

void Room::thin_row(const Row& row, Freed& freed) {
    const ThinnedRow thinned = fieldlink::thin_row(row, alternation_);
    if (thinned.given_up.readings == 0) return;
    const std::int64_t position = row.head.position;
    const bool whole = thinned.kept.head.readings == 0;
    if (whole) {
        messages_.erase(position);
        ledger_.row_removed(false, row.head.bytes);
        ledger_.lost(position, position, false, thinned.given_up.readings, "outbox_full");
    } else {
        messages_.write(thinned.kept.head, thinned.kept.body);
        ledger_.thinned(thinned.given_up.readings, "outbox_full");
        freed.frames += budget_.row_pages(thinned.kept.body.size());
    }
    freed.frames += Budget::kFramesPerRemoval;
    freed.given_up.push_back({thinned.given_up, whole});
}

}  // namespace fieldlink
