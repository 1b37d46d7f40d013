#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "storage/budget.hpp"
#include "storage/sqlite.hpp"

namespace fieldlink {

struct OutboxFile {
    std::unique_ptr<Database> database;
    Budget budget;

    /// It was made under a higher limit and has more pages than this one allows: free them, then compact().
    bool is_too_long = false;
};

/// Opens the file, or creates it with mode 0640 (and the last directory of its path, if that is missing, with 0750),
/// sets every pragma and reads it back, and brings the tables up to date. The WAL is empty afterwards. Throws
/// StorageError; a file that is no outbox is left as it is.
OutboxFile open_outbox_file(const std::string& path, std::uint64_t max_bytes);

/// Closes the file, puts a copy without the free pages in its place, and opens that one. Killed at any moment it leaves
/// one of the two, whole. For the time being the disk holds both. Throws StorageError.
OutboxFile compact(OutboxFile file);

}  // namespace fieldlink
