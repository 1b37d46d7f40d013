#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/budget.hpp"
#include "storage/ledger.hpp"
#include "storage/policy.hpp"
#include "storage/rows.hpp"
#include "storage/sending.hpp"
#include "storage/stride.hpp"

namespace fieldlink {

/// Readings that were given up to make room: a whole message, or some readings of one that stays.
struct GivenUp {
    RowHead head;  ///< of the message as it was; `readings` and `sensors` are those given up
    bool whole = true;
};

/// Makes room in the file. What was delivered goes first, the oldest before the others; then what was delivered and is
/// only owed again because an operator had it replayed; then what the policy says. `urgent` messages that are owed stay
/// whatever happens, and messages in flight go last.
class Room {
public:
    Room(Database& database, const Budget& budget, DropPolicy policy, MessageTable& messages, MessageTable& urgent,
         Ledger& ledger);

    /// Pages in use, those that are free inside the file not counted.
    std::uint64_t used_pages();
    std::uint64_t file_pages();

    /// What one commit has done to make room, and how much more it may do: a row that is removed or written again
    /// takes some frames of the WAL.
    struct Freed {
        std::uint64_t frames = 0;
        std::vector<GivenUp> given_up;
        bool by_policy = false;  ///< giving up what was delivered was not enough
        bool exhausted = false;  ///< nothing is left that may go
    };

    /// A row that stays stored is not owed any more: the first to go when space is needed.
    void delivered(std::int64_t position, bool urgent);

    /// In a commit: frees until at most `pages` are used, the frames of one commit are used up, or nothing is left.
    Freed free_down_to(std::uint64_t pages, const Sending& sending);

    /// In a commit: gives up some delivered messages that were made before `deadline`, by a clock that `age_of` asks.
    template <class IsExpired>
    void expire(IsExpired is_expired, std::uint64_t max_rows);

    /// In a commit: gives up some delivered rows of `urgent`, the oldest ones.
    void trim_urgent(std::uint64_t max_rows);

    /// In a commit: this row goes, whatever it is.
    void purge(const RowHead& head, bool urgent);

    void rolled_back();

private:
    /// The oldest delivered row of a table, found without looking again at owed ones that were passed.
    struct Delivered {
        MessageTable& table;
        const OwedSet& owed;
        bool urgent;
        std::int64_t position;  ///< none is older; the greatest number if there is none at all
        void advance(std::int64_t from);
    };
    bool reached(std::uint64_t pages, const Freed& freed);
    void remove(bool urgent, const RowHead& head, Freed& freed);
    void give_up_oldest(Delivered& delivered, Freed& freed);
    Delivered& oldest_delivered();
    void give_up_delivered(std::uint64_t pages, Freed& freed);
    void give_up_replayed(std::uint64_t pages, Freed& freed);
    void drop_oldest(std::uint64_t pages, const Sending* spared, Freed& freed);
    void thin(std::uint64_t pages, const Sending& spared, Freed& freed);
    void thin_row(const Row& row, Freed& freed);
    void begin_pass();

    const Budget& budget_;
    const DropPolicy policy_;
    MessageTable &messages_, &urgent_;
    Delivered delivered_, delivered_urgent_;
    Ledger& ledger_;
    Alternation alternation_;
    unsigned barren_passes_ = 0;  ///< of thinning, one after the other, through which nothing was given up
    Statement page_count_, free_count_;
};

template <class IsExpired>
void Room::expire(IsExpired is_expired, std::uint64_t max_rows) {
    Freed freed;
    for (; max_rows > 0; --max_rows) {
        Delivered& oldest = oldest_delivered();
        const auto head = oldest.table.head(oldest.position);
        if (!head || head->position != oldest.position || !is_expired(*head)) return;
        give_up_oldest(oldest, freed);
    }
}

}  // namespace fieldlink
