#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "storage/budget.hpp"
#include "storage/policy.hpp"
#include "storage/sqlite.hpp"

namespace fieldlink {

struct OutboxFile {
    std::unique_ptr<Database> database;
    Budget budget;

    std::uint64_t pages() const;

    /// It was made under a higher limit and has more pages than this one allows: free them, then compact().
    bool is_too_long() const;
};

/// Opens the file, or creates it with mode 0640 (and the last directory of its path, if that is missing, with 0750),
/// reserves the space for it so that the disk may be filled by others, sets every pragma and reads it back, and brings
/// the tables up to date. The WAL is empty afterwards. A file that was not closed in an orderly way is looked through
/// for damage, for at most 2 s. Throws StorageError; a file that is no outbox is left as it is.
OutboxFile open_outbox_file(const std::string& path, std::uint64_t max_bytes, DurabilityMode durability);

/// Opens a file that exists, for a tool: without a change of its size. Throws StorageError.
OutboxFile open_for_tool(const std::string& path);

/// Closes the file, puts a copy without the free pages in its place, and opens that one. Killed at any moment it leaves
/// one of the two, whole. For the time being the disk holds both. Throws StorageError.
OutboxFile compact(OutboxFile file, DurabilityMode durability);

/// Writes to disk what was committed to the WAL. Throws StorageError.
void sync_wal(const std::string& path);

}  // namespace fieldlink
