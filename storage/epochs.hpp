#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "storage/message.hpp"
#include "storage/sqlite.hpp"

namespace fieldlink {

/// One start of the daemon, under which messages were committed.
struct Epoch {
    std::string name, gateway, boot_id;
    Stamp started;
};

/// The epochs of the messages that are stored, and the one of this start. An epoch is written with the first message
/// that is committed under it, so that starts which store nothing leave nothing.
class Epochs {
public:
    /// Reads what is stored, and draws a name of 8 hex digits for `current` that none of the stored ones has.
    Epochs(Database& database, Epoch current);

    const Epoch& current() const { return current_; }

    /// The epoch that the message with this number was committed under.
    const Epoch& of(std::int64_t seq) const;

    /// The last number that belongs to the same epoch.
    std::int64_t last_seq_of(std::int64_t seq) const;

    /// In a commit, before messages from `first_seq` on are written.
    void use_current(std::int64_t first_seq);
    void committed();
    void rolled_back();

private:
    void prune(Database& database);

    Statement insert_;
    std::map<std::int64_t, Epoch> by_first_seq_;
    Epoch current_;
    std::int64_t current_from_ = 0;  ///< 0 until it was written
    bool committed_ = false;
};

}  // namespace fieldlink
