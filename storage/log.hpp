#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "storage/boots.hpp"
#include "storage/budget.hpp"
#include "storage/channels.hpp"
#include "storage/epochs.hpp"
#include "storage/ledger.hpp"
#include "storage/outbox_file.hpp"
#include "storage/policy.hpp"
#include "storage/room.hpp"
#include "storage/rows.hpp"

namespace fieldlink {

/// The file's channels are there as long as the file is, also if something else of it cannot be read.
struct LoadedChannels {
    LoadedChannels(Channels& channels, Database& database);
    ~LoadedChannels() { channels.unload(); }
    LoadedChannels(const LoadedChannels&) = delete;
    LoadedChannels& operator=(const LoadedChannels&) = delete;

    Channels& channels;
};

/// What one file of the outbox holds, as of the last commit and the acks since. While it lives, `channels` belong to
/// this file.
struct Log {
    Log(OutboxFile file, DropPolicy policy, const std::string& boot_id, Channels& channels);
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    MessageTable& table(bool of_urgent) { return of_urgent ? urgent : messages; }
    bool is_owed(std::int64_t position) const;

    std::unique_ptr<Database> database;
    Budget budget;

    LoadedChannels loaded;
    Channels& channels;
    Epochs epochs;
    Seal seal;
    Packer packer;
    MessageTable messages, urgent;
    Ledger ledger;
    Boots boots;
    Room room;
    std::uint64_t used_pages;  ///< as of the last commit

    /// A file that was filled before results had a share of their own has so many pages more than fit beside it. They
    /// are not given up for the share, but are not used again once they are free.
    std::uint64_t grace_pages = 0;

    /// What may be used, as of now.
    std::uint64_t usable_pages() const;
    void note_used(std::uint64_t pages);
};

}  // namespace fieldlink
