#include "storage/budget.hpp"

#include <algorithm>

namespace fieldlink {
namespace {

// A longer WAL writes the pages that change with every commit less often into the database, but occupies the disk.
constexpr std::uint64_t kLongestWal = 4 * 1024 * 1024;
constexpr std::uint64_t kWalHeader = 32, kFrameHeader = 24;

constexpr std::uint64_t kPageOverhead = 4;   // an overflow page's link to the next one
constexpr std::uint64_t kRowOverhead = 128;  // the columns of numbers, the cell and its share of the leaf's header
constexpr std::uint64_t kLongestSlack = 1024 * 1024;

// The header page, the small tables' pages that every commit writes, and what splitting a b-tree page can add.
constexpr std::uint64_t kFixedPages = 24;

std::uint64_t wal_share(std::uint64_t max_bytes) {
    return std::min(max_bytes / 4, kLongestWal);
}

}  // namespace

Budget::Budget(std::uint64_t max_bytes, std::uint64_t page_bytes)
    : max_bytes_(max_bytes),
      page_bytes_(page_bytes),
      max_pages_((max_bytes - wal_share(max_bytes)) / page_bytes),
      max_wal_frames_((wal_share(max_bytes) - kWalHeader) / (page_bytes + kFrameHeader)) {}

std::uint64_t Budget::limit_of_file(std::uint64_t bytes) {
    // wal_share() turned round.
    return std::max(kMinBytes, bytes + std::min((bytes + 2) / 3, kLongestWal));
}

std::uint64_t Budget::usable_pages(std::uint64_t urgent_bytes) const {
    const std::uint64_t still_reserved = Budget::urgent_bytes() - std::min(urgent_bytes, Budget::urgent_bytes());
    return full_pages(0) - max_pages_ / 32 - still_reserved / page_bytes_;
}

std::uint64_t Budget::full_pages(std::uint64_t file_pages) const {
    return std::max(max_pages_, file_pages) - kFixedPages;
}

std::uint64_t Budget::max_wal_bytes() const {
    return kWalHeader + max_wal_frames_ * (page_bytes_ + kFrameHeader);
}

std::uint64_t Budget::slack_pages() const {
    return std::min(max_pages_ / 50, kLongestSlack / page_bytes_);
}

std::uint64_t Budget::row_pages(std::uint64_t bytes) const {
    return (bytes + kRowOverhead) / (page_bytes_ - kPageOverhead) + 1;
}

std::uint64_t Budget::urgent_bytes() const {
    return std::max<std::uint64_t>(max_bytes_ / 20, 256 * 1024);
}

std::uint64_t Budget::commit_frames(std::uint64_t added) const {
    return added + kFixedPages;
}

}  // namespace fieldlink
