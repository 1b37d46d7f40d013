#include <fstream>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "storage/sqlite.hpp"
#include "tests/storage/outbox_fixture.hpp"
#include "tests/storage/wal_syncs.hpp"

namespace fieldlink {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class OutboxFile : public OutboxTest {
protected:
    void write_file(const std::string& content) { std::ofstream(options_.path, std::ios::binary) << content; }

    std::string read_file() const {
        std::ifstream file(options_.path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    std::string opening_error() const { return Outbox(options_).trouble(); }
};

TEST_F(OutboxFile, RefusesAForeignFileAndLeavesItAsItIs) {
    const std::string content(5000, 'x');
    write_file(content);
    EXPECT_THAT(opening_error(), AllOf(HasSubstr(options_.path), HasSubstr("not an outbox")));
    EXPECT_EQ(read_file(), content);
}

TEST_F(OutboxFile, RefusesTheDatabaseOfAnotherProgramAndLeavesItAsItIs) {
    write_file("");
    Database(options_.path).run("CREATE TABLE theirs(a); INSERT INTO theirs VALUES(1)");
    const std::string content = read_file();
    EXPECT_THAT(opening_error(), AllOf(HasSubstr(options_.path), HasSubstr("another program")));
    EXPECT_EQ(read_file(), content);
}

TEST_F(OutboxFile, RefusesANewerSchema) {
    { const Outbox outbox(options_); }
    Database(options_.path).run("PRAGMA user_version = 99");
    EXPECT_THAT(opening_error(), AllOf(HasSubstr("schema 99"), HasSubstr("newer")));
}

TEST_F(OutboxFile, StartsOverAFileThatAKilledStartLeftWithoutTables) {
    write_file("");
    Database(options_.path).value("PRAGMA journal_mode = WAL");
    ASSERT_GT(fs::file_size(options_.path), 0U);
    EXPECT_EQ(Outbox(options_).append({message("a")}), 1);
}

TEST_F(OutboxFile, MayBeReadByItsGroupAndNobodyElseWhateverTheUmask) {
    const mode_t before = ::umask(077);
    Outbox outbox(options_);
    outbox.append({message("a")});
    ::umask(before);
    constexpr fs::perms kExpected = fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read;
    EXPECT_EQ(fs::status(options_.path).permissions(), kExpected);
    EXPECT_EQ(fs::status(options_.path + "-wal").permissions(), kExpected);
}

TEST_F(OutboxFile, HasNoSharedMemoryFileBesideIt) {
    Outbox outbox(options_);
    outbox.append({message("a")});
    EXPECT_THAT(std::vector<fs::path>(fs::directory_iterator(directory_), {}), SizeIs(2));
}

TEST_F(OutboxFile, CreatesTheDirectoryItLiesIn) {
    options_.path = (directory_ / "state" / "outbox.db").string();
    EXPECT_EQ(Outbox(options_).append({message("a")}), 1);
}

TEST_F(OutboxFile, NamesTheDirectoryThatIsMissing) {
    options_.path = (directory_ / "no" / "such" / "outbox.db").string();
    EXPECT_THAT(opening_error(), AllOf(HasSubstr((directory_ / "no" / "such").string()), HasSubstr("outbox.path")));
}

TEST_F(OutboxFile, IsOpenedByOneAtATime) {
    const Outbox outbox(options_);
    EXPECT_THAT(opening_error(), HasSubstr("another process has it open"));
}

TEST_F(OutboxFile, RefusesALimitThatIsTooSmallToWorkWith) {
    options_.max_bytes = 1000;
    EXPECT_THAT(opening_error(), HasSubstr("1MiB"));
    EXPECT_FALSE(fs::exists(options_.path));
}

TEST_F(OutboxFile, IsSyncedOnEveryCommit) {
    const WalSyncs syncs;
    Outbox outbox(options_);
    outbox.append({message("a")});
    for (int i = 0; i < 5; ++i) {
        const int before = syncs.count();
        outbox.append({message("a")});
        EXPECT_GT(syncs.count(), before);
    }
}

TEST_F(OutboxFile, IsNotLookedThroughForLongerThanItMay) {
    options_.max_bytes = 64 << 20;
    {
        Outbox outbox(options_);
        for (int i = 0; i < 1000; ++i)
            outbox.append({message(noise(40'000))});
    }
    const auto middle = static_cast<std::streamoff>(fs::file_size(options_.path)) / 2;
    std::fstream(options_.path, std::ios::in | std::ios::out | std::ios::binary)
        .seekp(middle)
        .write(noise(4096).data(), 4096);
    Database file(options_.path);
    EXPECT_NE(file.quick_check(std::chrono::minutes(1)), "ok") << "with enough time the damage is found";
    // The interrupt may come before the check has begun, and is lost then.
    bool is_cut_off = false;
    for (int tries = 0; tries < 50 && !is_cut_off; ++tries)
        is_cut_off = file.quick_check(std::chrono::milliseconds(2)) == "ok";
    EXPECT_TRUE(is_cut_off);
}

TEST_F(OutboxFile, ShrinksWhenTheLimitWasLowered) {
    options_.max_bytes = 4 << 20;
    {
        Outbox outbox(options_);
        for (int i = 0; i < 60; ++i)
            outbox.append({message(noise(40'000))});
    }
    ASSERT_GT(bytes_on_disk(), 2U << 20);
    options_.max_bytes = 1 << 20;

    Outbox outbox(options_);

    EXPECT_LE(bytes_on_disk(), options_.max_bytes);
    const auto taken = outbox.take(100, 1 << 30);
    ASSERT_GT(taken.size(), 5U);
    EXPECT_EQ(taken.front().kind, Kind::gap);
    EXPECT_EQ(taken.back().seq, 60) << "the newest stay";
    EXPECT_EQ(taken.size() + outbox.stats().dropped_readings, 61U);
    for (int i = 0; i < 60; ++i) {
        outbox.append({message(noise(40'000))});
        ASSERT_LE(bytes_on_disk(), options_.max_bytes);
    }
}

}  // namespace
}  // namespace fieldlink
