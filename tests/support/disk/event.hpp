#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace fieldlink {

/// One thing that a program did to its files.
struct DiskEvent {
    enum class Kind { create, write, truncate, sync, remove, rename, sync_directory };

    Kind kind;
    int file = -1;             ///< its number, which it keeps when it is renamed; -1: the directory
    std::string name, to;      ///< create and remove: of the file without its directory; rename: from and to
    std::uint64_t offset = 0;  ///< truncate: the new size
    std::string bytes;         ///< write
};

/// In the order they were done.
using DiskLog = std::vector<DiskEvent>;

struct DiskCounts {
    std::uint64_t reads = 0, read_bytes = 0;
    std::uint64_t writes = 0, written_bytes = 0;
    std::uint64_t syncs = 0;
    std::uint64_t failed = 0;  ///< calls that had to fail
};

/// What goes wrong from a certain call on.
struct DiskFault {
    enum class Call { open, read, write, truncate, sync };

    Call call;
    int code;                 ///< what SQLite is told: SQLITE_FULL, SQLITE_IOERR_FSYNC, …
    unsigned after = 0;       ///< so many calls still work
    bool half_write = false;  ///< half of the bytes are written before the call fails
    std::int64_t from = 0;    ///< reads: only those that begin in this part of a file
    std::int64_t to = std::numeric_limits<std::int64_t>::max();
};

}  // namespace fieldlink
