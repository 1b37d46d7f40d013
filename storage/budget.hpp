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

    std::uint64_t max_bytes() const { return max_bytes_; }
    std::uint64_t page_bytes() const { return page_bytes_; }

    /// The database file never has more pages than this.
    std::uint64_t max_pages() const { return max_pages_; }

    /// What messages may use of them; the rest is for gap records of what is dropped, and the tables' own growth.
    std::uint64_t usable_pages() const;

    /// With so many pages in use there is no room for one more gap record in a file of this length; it is longer than
    /// max_pages() only while it is shrunk.
    std::uint64_t full_pages(std::uint64_t file_pages) const;

    /// Once room must be made, so much more is freed than the append at hand needs, so that the next ones need not.
    std::uint64_t slack_pages() const;

    /// The most frames that the WAL may ever hold.
    std::uint64_t max_wal_frames() const { return max_wal_frames_; }

    /// The most pages that a row takes whose texts and body have so many bytes.
    std::uint64_t row_pages(std::uint64_t bytes) const;

    /// The most pages that the rows of one append may take.
    std::uint64_t append_pages() const { return max_wal_frames_ * 5 / 8; }

    /// One commit removes at most so many rows, whatever their place; they take at most room_frames() of the WAL.
    std::uint64_t rows_removed_at_once() const;
    std::uint64_t room_frames() const { return max_wal_frames_ / 4; }

    /// The most frames that a commit writes which adds so many pages and removes no rows.
    std::uint64_t commit_frames(std::uint64_t added) const;

private:
    std::uint64_t max_bytes_, page_bytes_, max_pages_, max_wal_frames_;
};

}  // namespace fieldlink
