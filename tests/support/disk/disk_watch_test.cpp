#include <filesystem>
#include <set>

#include <gmock/gmock.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/disk/disk.hpp"
#include "tests/support/disk/power_cut.hpp"

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using Kind = DiskEvent::Kind;

DiskEvent create(int file, const std::string& name) {
    return {Kind::create, file, name, "", 0, ""};
}
DiskEvent write(int file, std::uint64_t offset, const std::string& bytes) {
    return {Kind::write, file, "", "", offset, bytes};
}
DiskEvent truncate(int file, std::uint64_t size) {
    return {Kind::truncate, file, "", "", size, ""};
}
DiskEvent sync(int file) {
    return {Kind::sync, file, "", "", 0, ""};
}
DiskEvent rename(const std::string& from, const std::string& to) {
    return {Kind::rename, -1, from, to, 0, ""};
}
DiskEvent remove(const std::string& name) {
    return {Kind::remove, -1, name, "", 0, ""};
}
DiskEvent sync_directory() {
    return {Kind::sync_directory, -1, "", "", 0, ""};
}

/// Every image that a hundred cuts at the end of the log leave.
std::set<DiskImage> images(const DiskLog& log) {
    std::mt19937 random(1);
    PowerCut cut(log);
    cut.advance_to(log.size());
    std::set<DiskImage> images;
    for (int i = 0; i < 100; ++i)
        images.insert(cut.image(random));
    return images;
}

TEST(PowerCutModel, KeepsWhatWasSyncedAndNothingElseIsSure) {
    EXPECT_THAT(images({create(0, "a"), sync_directory(), write(0, 0, "ab"), sync(0)}),
                ElementsAre(DiskImage{{"a", "ab"}}));
    EXPECT_THAT(images({create(0, "a"), sync_directory(), write(0, 0, "a"), sync(0), write(0, 0, "b")}),
                ElementsAre(DiskImage{{"a", "a"}}, DiskImage{{"a", "b"}}));
    EXPECT_THAT(images({create(0, "a"), write(0, 0, "a"), sync(0)}), ElementsAre(DiskImage{}, DiskImage{{"a", "a"}}));
    EXPECT_THAT(images({create(0, "a"), write(0, 0, "a"), sync(0), sync_directory(), remove("a")}),
                ElementsAre(DiskImage{}, DiskImage{{"a", "a"}}));
    EXPECT_THAT(images({create(0, "a"), sync_directory(), write(0, 0, "ab"), sync(0), truncate(0, 1)}),
                ElementsAre(DiskImage{{"a", "a"}}, DiskImage{{"a", "ab"}}));
}

TEST(PowerCutModel, HasTheOldFileOrTheNewOneUnderANameThatWasReplaced) {
    EXPECT_THAT(images({create(0, "a"), write(0, 0, "old"), sync(0), sync_directory(), create(1, "b"),
                        write(1, 0, "new"), sync(1), rename("b", "a")}),
                ElementsAre(DiskImage{{"a", "new"}}, DiskImage{{"a", "old"}}, DiskImage{{"a", "old"}, {"b", "new"}}));
}

TEST(PowerCutModel, TearsWritesAndReordersThem) {
    const std::string two_sectors = std::string(512, 'x') + std::string(512, 'y');
    const auto torn = images({create(0, "a"), sync_directory(), write(0, 0, two_sectors)});
    EXPECT_EQ(torn.count({{"a", ""}}), 1U);
    EXPECT_EQ(torn.count({{"a", two_sectors}}), 1U);
    EXPECT_EQ(torn.count({{"a", std::string(512, 'x')}}), 1U);
    EXPECT_EQ(torn.count({{"a", std::string(512, '\0') + std::string(512, 'y')}}), 1U);
    const auto late = images({create(0, "a"), sync_directory(), write(0, 0, "x"), write(0, 1, "y")});
    EXPECT_EQ(late.count({{"a", std::string("\0y", 2)}}), 1U);
}

class DiskWatch : public testing::Test {
protected:
    DiskWatch() {
        std::string name = (std::filesystem::temp_directory_path() / "fieldlink-disk-XXXXXX").string();
        directory_ = ::mkdtemp(name.data());
        path_ = (directory_ / "x.db").string();
    }
    ~DiskWatch() override { std::filesystem::remove_all(directory_); }

    /// Opens the database, runs the statements, closes it. Returns the code of the first that failed.
    int run(const std::string& sql) const {
        sqlite3* database = nullptr;
        constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE;
        int code = sqlite3_open_v2(path_.c_str(), &database, kFlags, nullptr);
        if (code == SQLITE_OK) code = sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr);
        sqlite3_close(database);
        return code;
    }

    std::filesystem::path directory_;
    std::string path_;
};

constexpr const char* kTable = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; CREATE TABLE t(a);";

TEST_F(DiskWatch, LogsEnoughToMakeTheFilesAgain) {
    Disk disk(Disk::Log::all);
    EXPECT_EQ(run(std::string(kTable) + "INSERT INTO t VALUES('one'); PRAGMA wal_checkpoint(TRUNCATE);"), SQLITE_OK);
    ASSERT_EQ(::unlink(path_.c_str()), 0);
    EXPECT_EQ(run("CREATE TABLE u(a); INSERT INTO u VALUES(1)"), SQLITE_OK);
    const std::string moved = (directory_ / "moved.db").string();
    ASSERT_EQ(::rename(path_.c_str(), moved.c_str()), 0);

    DiskLog log = disk.log();
    log.push_back(sync_directory());
    const auto left = images(log);

    ASSERT_EQ(left.size(), 1U) << "everything that SQLite leaves is synced";
    EXPECT_THAT(*left.begin(), ElementsAre(Pair("moved.db", testing::SizeIs(std::filesystem::file_size(moved)))));
    EXPECT_GT(disk.counts().writes, 0U);
    EXPECT_GT(disk.counts().written_bytes, disk.counts().writes);
    EXPECT_GT(disk.counts().reads, 0U);
    EXPECT_GT(disk.counts().syncs, 3U);
}

TEST_F(DiskWatch, LetsCallsFailUntilItIsHealed) {
    Disk disk(Disk::Log::none);
    ASSERT_EQ(run(kTable), SQLITE_OK);
    const std::string insert = "INSERT INTO t VALUES('one')";
    for (const DiskFault& fault :
         {DiskFault{DiskFault::Call::write, SQLITE_FULL}, DiskFault{DiskFault::Call::sync, SQLITE_IOERR_FSYNC},
          DiskFault{DiskFault::Call::read, SQLITE_IOERR_READ}, DiskFault{DiskFault::Call::write, SQLITE_READONLY},
          DiskFault{DiskFault::Call::write, SQLITE_FULL, 1, true}}) {
        disk.fail(fault);
        EXPECT_EQ(run(insert), fault.code);
        EXPECT_GT(disk.counts().failed, 0U);
        disk.reset_counts();
        disk.heal();
        EXPECT_EQ(run(insert), SQLITE_OK);
    }
    EXPECT_THAT(disk.log(), IsEmpty());
}

}  // namespace
}  // namespace fieldlink
