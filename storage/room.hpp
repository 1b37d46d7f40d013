#pragma once

#include <cstdint>
#include <vector>

#include "storage/ledger.hpp"
#include "storage/rows.hpp"
#include "storage/sending.hpp"

namespace fieldlink {

/// Makes room by the policy drop_oldest: what was delivered goes first, then the oldest owed messages that are not in
/// flight, then those that are. `urgent` messages that are owed stay whatever happens.
class Room {
public:
    Room(Database& database, MessageTable& messages, MessageTable& urgent, Ledger& ledger, const Sending& sending);

    /// Pages in use, those that are free inside the file not counted.
    std::uint64_t used_pages();
    std::uint64_t file_pages();

    struct Freed {
        std::uint64_t rows = 0;
        std::vector<RowHead> dropped;  ///< those of them that were owed
    };

    /// A row that stays stored is not owed any more: the first to go when space is needed.
    void delivered(std::int64_t seq, bool urgent);

    /// In a commit: frees until at most `pages` are used, `max_rows` were removed, or nothing is left to give up.
    Freed free_down_to(std::uint64_t pages, std::uint64_t max_rows);
    void rolled_back();

private:
    /// The oldest delivered row of a table, found without looking again at owed ones that were passed.
    struct Delivered {
        MessageTable& table;
        const OwedSet& owed;
        std::int64_t seq;  ///< none is older; the greatest number if there is none at all
        void advance(std::int64_t from);
    };
    struct Goal {
        std::uint64_t pages, max_rows;
    };
    bool reached(const Goal& goal, const Freed& freed);
    void remove(MessageTable& table, std::int64_t seq, Freed& freed);
    void give_up_delivered(const Goal& goal, Freed& freed);
    void drop_owed(const Goal& goal, bool in_flight_too, Freed& freed);

    MessageTable& messages_;
    Delivered delivered_, delivered_urgent_;
    Ledger& ledger_;
    const Sending& sending_;
    Statement page_count_, free_count_;
};

}  // namespace fieldlink
