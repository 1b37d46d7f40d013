#include "config/sections/disk_space.hpp"

#include <gtest/gtest.h>

#include "tests/config/files.hpp"

namespace fieldlink {
namespace {

DiskSpace space(std::uint64_t capacity, std::uint64_t free, std::uint64_t used_already) {
    return {capacity, free, used_already};
}

TEST(DiskSpace, CountsWhatTheFileHasAlready) {
    EXPECT_EQ(judge_fit(space(1'000, 100, 0), 100), Fit::fits);
    EXPECT_EQ(judge_fit(space(1'000, 100, 50), 150), Fit::fits);
    EXPECT_EQ(judge_fit(space(1'000, 0, 150), 150), Fit::fits);
}

TEST(DiskSpace, RefusesANewFileThatHasNoRoom) {
    EXPECT_EQ(judge_fit(space(1'000, 100, 0), 101), Fit::never);
}

TEST(DiskSpace, OnlyWarnsARunningGatewayWhoseDiskSomethingElseFills) {
    EXPECT_EQ(judge_fit(space(1'000, 100, 50), 151), Fit::full_now);
    EXPECT_EQ(judge_fit(space(1'000, 100, 50), 1'001), Fit::never);
}

TEST(DiskSpace, IsThatOfTheNearestDirectoryThatExists) {
    const TemporaryDirectory directory;
    const auto there = disk_space(directory.path / "outbox.db");
    const auto not_yet = disk_space(directory.path / "not" / "yet" / "outbox.db");
    ASSERT_TRUE(there);
    ASSERT_TRUE(not_yet);
    EXPECT_GT(there->capacity, 0u);
    EXPECT_EQ(there->capacity, not_yet->capacity);
    EXPECT_LE(there->free, there->capacity);
}

TEST(DiskSpace, CountsTheFilesOfSqlite) {
    const TemporaryDirectory directory;
    const auto file = directory.write("outbox.db", std::string(1'000, 'x'));
    directory.write("outbox.db-wal", std::string(200, 'x'));
    directory.write("outbox.db-shm", std::string(30, 'x'));
    directory.write("outbox.db.old", std::string(4, 'x'));
    EXPECT_EQ(disk_space(file)->used_already, 1'230u);
}

TEST(DiskSpace, IsUnknownWhereNothingCanBeAsked) {
    EXPECT_FALSE(disk_space("/proc/self/mem/outbox.db"));
}

}  // namespace
}  // namespace fieldlink
