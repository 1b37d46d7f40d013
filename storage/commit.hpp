#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/budget.hpp"
#include "storage/channels.hpp"
#include "storage/epochs.hpp"
#include "storage/gap_book.hpp"
#include "storage/ledger.hpp"
#include "storage/room.hpp"
#include "storage/rows.hpp"
#include "storage/sending.hpp"

namespace fieldlink {

/// What an outbox is made of, as of the last commit and the acks since.
struct OutboxParts {
    OutboxParts(Database& database, const Budget& budget, Epoch current, bool live_first);

    Database& database;
    const Budget budget;
    Epochs epochs;
    Channels channels;
    MessageTable messages, urgent;
    Ledger ledger;
    Sending sending;
    Room room;
    GapBook gaps;
    std::uint64_t used_pages;  ///< as of the last commit
};

/// One commit: makes room, writes the gap records and the new messages, the acks and the counts. If it throws, the
/// parts are as they were before.
class Commit {
public:
    explicit Commit(OutboxParts& parts) : parts_(parts) {}
    ~Commit();
    Commit(const Commit&) = delete;
    Commit& operator=(const Commit&) = delete;

    /// Returns the number of the first message; or nothing if making room was enough work for one commit, and the
    /// messages need another one. Throws StorageError.
    std::optional<std::int64_t> run(const std::vector<NewMessage>& messages);

private:
    std::uint64_t pages_for(const std::vector<NewMessage>& messages) const;
    bool fits(std::uint64_t used, std::uint64_t pages) const;
    void make_room_in_wal(std::uint64_t pages);
    bool make_room(std::uint64_t pages, Stamp noticed);
    void record_gaps();
    GapKey record_for(const GapKey& loss);
    void append_gap(const GapKey& key, const Gap& gap);
    void extend_gap(const GapKey& key, OpenGap open, const Gap& more);
    std::int64_t append(const NewMessage& message);
    void finish();

    OutboxParts& parts_;
    GapBook::Losses losses_;
    std::map<GapKey, OpenGap> records_;  ///< those that this commit writes
    std::vector<std::int64_t> dropped_;
    bool begun_ = false, done_ = false;
};

}  // namespace fieldlink
