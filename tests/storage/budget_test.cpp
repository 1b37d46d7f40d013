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
    EXPECT_GT(budget.usable_pages(0), budget.append_pages() + budget.slack_pages());
    EXPECT_LE(budget.commit_frames(budget.append_pages()) + budget.room_frames(), budget.max_wal_frames());
    EXPECT_GE(budget.room_frames() / Budget::kFramesPerRemoval, 10U);
}

TEST(Budget, KnowsTheLimitThatAFileWasMadeFor) {
    constexpr std::uint64_t kMiB = 1024 * 1024;
    EXPECT_EQ(Budget::limit_of_file(0), kMiB);
    EXPECT_EQ(Budget::limit_of_file(3 * kMiB / 4), kMiB);
    EXPECT_EQ(Budget::limit_of_file(6 * kMiB), 8 * kMiB);
    EXPECT_EQ(Budget::limit_of_file(12 * kMiB), 16 * kMiB);
    EXPECT_EQ(Budget::limit_of_file(252 * kMiB), 256 * kMiB);
}

TEST(Budget, KeepsWhatResultsHaveNotUsedOfTheirShareFreeForThem) {
    const Budget budget(64 << 20, 512);
    EXPECT_EQ(budget.urgent_bytes(), (64U << 20) / 20);
    EXPECT_EQ(Budget(1 << 20, 512).urgent_bytes(), 256U * 1024);
    const std::uint64_t share = budget.urgent_bytes() / 512;
    EXPECT_EQ(budget.usable_pages(budget.urgent_bytes()), budget.usable_pages(0) + share);
    EXPECT_EQ(budget.usable_pages(2 * budget.urgent_bytes()), budget.usable_pages(0) + share);
}

}  // namespace
}  // namespace fieldlink
