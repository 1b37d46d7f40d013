#include "storage/budget.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

TEST(Budget, GivesDatabaseAndWalTogetherNoMoreThanTheLimit) {
    for (const std::uint64_t mebibytes : {1U, 2U, 5U, 16U, 17U, 256U, 4096U}) {
        for (const std::uint64_t page : {512U, 1024U, 4096U}) {
            const Budget budget(mebibytes << 20, page);
            const std::uint64_t wal = 32 + budget.max_wal_frames() * (page + 24);
            EXPECT_LE(budget.max_pages() * page + wal, budget.max_bytes());
            EXPECT_GT(budget.max_pages() * page + wal, budget.max_bytes() * 99 / 100);
        }
    }
}

TEST(Budget, TakesTheLargestMessageOfTheServiceEvenAtTheLowestLimit) {
    const Budget budget(Budget::kMinBytes, 512);
    EXPECT_LE(budget.row_pages(64 * 1024), budget.append_pages());
    EXPECT_GT(budget.usable_pages(), budget.append_pages() + budget.slack_pages());
    EXPECT_LE(budget.commit_frames(budget.append_pages()) + budget.room_frames(), budget.max_wal_frames());
    EXPECT_GE(budget.rows_removed_at_once(), 10U);
}

}  // namespace
}  // namespace fieldlink
