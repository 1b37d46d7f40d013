#pragma once

#include <cstdint>

namespace fieldlink {

/// How a limit on disk is shared between the database file and its WAL. Pure; counts pages of the file, and frames of
/// the WAL, which are a page and a small header each.
class Budget {
public:
    /// The smallest limit that holds a few messages of the largest size.
    static constexpr std::uint64_t kMinBytes = 1024 * 1024;

    Budget(std::uint64_t max_bytes, std::uint64_t page_bytes);

    /// The limit under which a database file of this size neither grows nor is too long.
    static std::uint64_t limit_of_file(std::uint64_t bytes);

    std::uint64_t max_bytes() const { return max_bytes_; }
    std::uint64_t page_bytes() const { return page_bytes_; }

    /// The database file never has more pages than this.
    std::uint64_t max_pages() const { return max_pages_; }

    /// What may be used of them, with so many bytes of results and gap records among it; the rest is for the others of
    /// those that their share has room for, and the tables' own growth.
    std::uint64_t usable_pages(std::uint64_t urgent_bytes) const;

    /// With so many pages in use there is no room for one more gap record in a file of this length; it is longer than
    /// max_pages() only while it is shrunk.
    std::uint64_t full_pages(std::uint64_t file_pages) const;

    /// Once room must be made, so much more is freed than the append at hand needs, so that the next ones need not.
    std::uint64_t slack_pages() const;

    /// The most frames that the WAL may ever hold.
    std::uint64_t max_wal_frames() const { return max_wal_frames_; }
    std::uint64_t max_wal_bytes() const;

    /// The most pages that a row takes whose texts and body have so many bytes.
    std::uint64_t row_pages(std::uint64_t bytes) const;

    /// The most pages that the rows of one append may take.
    std::uint64_t append_pages() const { return max_wal_frames_ * 5 / 8; }

    /// Making room takes at most so much of the WAL in one commit. Removing a row can change its leaf, that one's
    /// neighbours and their parent, the list of free pages, and as much again in the gap record that names it.
    static constexpr std::uint64_t kFramesPerRemoval = 8;
    std::uint64_t room_frames() const { return max_wal_frames_ / 4; }

    /// What results and gap records may take, so that a flood of commands pushes no telemetry out.
    std::uint64_t urgent_bytes() const;

    /// The most frames that a commit writes which adds so many pages and removes no rows.
    std::uint64_t commit_frames(std::uint64_t added) const;

private:
    std::uint64_t max_bytes_, page_bytes_, max_pages_, max_wal_frames_;
};

}  // namespace fieldlink
