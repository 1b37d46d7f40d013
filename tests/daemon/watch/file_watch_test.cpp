#include "daemon/watch/file_watch.hpp"

#include <filesystem>
#include <fstream>
#include <memory>

#include <gmock/gmock.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/syscall.h>

#include "forbidden.hpp"
#include "real_loop.hpp"

namespace fieldlink::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

/// So long that within a test only inotify can have told.
constexpr milliseconds kNever{3'600'000}, kSettle{20};

class FileWatchTest : public ::testing::Test {
protected:
    FileWatchTest() {
        std::string name = (fs::temp_directory_path() / "fieldlink-watch-XXXXXX").string();
        directory = ::mkdtemp(name.data());
    }
    ~FileWatchTest() override { fs::remove_all(directory); }

    void watch(const std::vector<std::string>& names, milliseconds look = kNever) {
        std::vector<std::string> paths;
        for (const std::string& name : names)
            paths.push_back(directory / name);
        watcher = std::make_unique<FileWatch>(
            io, paths, [this] { ++calls; }, FileWatch::Options{kSettle, look});
    }

    void write(const std::string& name, const std::string& text) {
        std::ofstream(directory / name, std::ios::trunc) << text;
    }

    /// As careful programs write: aside, then into place.
    void replace(const std::string& name, const std::string& text) {
        write(name + ".new", text);
        fs::rename(directory / (name + ".new"), directory / name);
    }

    /// One call more than before; a further one would be counted by the next expectation.
    void expect_call() {
        const unsigned before = calls;
        run_until(io, [&] { return calls > before; });
        EXPECT_EQ(calls, before + 1);
    }

    fs::path directory;
    boost::asio::io_context io;
    unsigned calls = 0;
    std::unique_ptr<FileWatch> watcher;
};

TEST_F(FileWatchTest, SeesAFileThatIsReplacedAgainAndAgain) {
    write("token", "one");
    watch({"token"});
    for (const char* text : {"two", "six", "ten"}) {
        replace("token", text);
        expect_call();
    }
    EXPECT_EQ(calls, 3u);
}

TEST_F(FileWatchTest, SeesAFileThatIsWrittenInPlace) {
    write("token", "one");
    watch({"token"});
    write("token", "another");
    expect_call();
}

TEST_F(FileWatchTest, SeesAFileGoAndComeBack) {
    write("token", "one");
    watch({"token"});
    fs::remove(directory / "token");
    expect_call();
    write("token", "one");
    expect_call();
}

TEST_F(FileWatchTest, SeesAFileThatBecomesReadable) {
    write("token", "one");
    fs::permissions(directory / "token", fs::perms::none);
    watch({"token"});
    fs::permissions(directory / "token", fs::perms::owner_read);
    expect_call();
}

TEST_F(FileWatchTest, SeesEachOfSeveralFiles) {
    write("token", "one");
    fs::create_directory(directory / "other");
    write("other/key", "one");
    watch({"token", "other/key"});
    replace("other/key", "two");
    expect_call();
    replace("token", "two");
    expect_call();
}

TEST_F(FileWatchTest, SeesASecretThatIsExchangedBehindASymbolicLink) {
    fs::create_directory(directory / "..one");
    write("..one/token", "one");
    fs::create_directory_symlink("..one", directory / "..data");
    fs::create_symlink("..data/token", directory / "token");
    watch({"token"});
    for (const std::string next : {"..two", "..six"}) {
        fs::create_directory(directory / next);
        write(next + "/token", next);
        fs::create_directory_symlink(next, directory / "..data.new");
        fs::rename(directory / "..data.new", directory / "..data");
        expect_call();
    }
    EXPECT_EQ(calls, 2u);
}

TEST_F(FileWatchTest, SeesTheFileChangeThatALinkInAnotherDirectoryNames) {
    fs::create_directory(directory / "agent");
    fs::create_directory(directory / "etc");
    write("agent/token", "one");
    fs::create_symlink(directory / "agent" / "token", directory / "etc" / "token");
    watch({"etc/token"});
    replace("agent/token", "two");
    expect_call();
}

TEST_F(FileWatchTest, SeesAFileWhoseDirectoriesAreMadeLater) {
    watch({"run/agent/token"});
    fs::create_directories(directory / "run" / "agent");
    write("run/agent/token", "one");
    expect_call();
    replace("run/agent/token", "two");
    expect_call();
}

TEST_F(FileWatchTest, SeesAWholeDirectoryThatIsReplaced) {
    fs::create_directory(directory / "etc");
    write("etc/token", "one");
    watch({"etc/token"});
    fs::create_directory(directory / "new");
    write("new/token", "two");
    fs::rename(directory / "etc", directory / "old");
    fs::rename(directory / "new", directory / "etc");
    expect_call();
    replace("etc/token", "six");
    expect_call();
}

TEST_F(FileWatchTest, MakesOneCallOfManyChanges) {
    write("token", "one");
    watch({"token"});
    for (int i = 0; i < 50; ++i)
        replace("token", std::to_string(i));
    expect_call();
    replace("token", "the next one");
    expect_call();
    EXPECT_EQ(calls, 2u);
}

TEST_F(FileWatchTest, SaysNothingOfTheNeighbours) {
    write("token", "one");
    watch({"token"});
    write("neighbour", "one");
    io.run_for(4 * kSettle);
    replace("token", "two");
    expect_call();
    EXPECT_EQ(calls, 1u);
}

TEST_F(FileWatchTest, LooksByItselfWhereThereIsNoInotify) {
    write("token", "one");
    ::testing::internal::CaptureStderr();
    where_forbidden(SYS_inotify_init1, IN_NONBLOCK | IN_CLOEXEC, EMFILE,
                    [this] { watch({"token"}, milliseconds(30)); });
    for (const char* text : {"two", "six"}) {
        replace("token", text);
        expect_call();
    }
    const std::string log = ::testing::internal::GetCapturedStderr();
    EXPECT_THAT(log, HasSubstr("noticed within 10 s"));
    EXPECT_EQ(log.find('\n'), log.size() - 1) << "one line: " << log;
}

TEST_F(FileWatchTest, SaysNothingOnceItIsGone) {
    write("token", "one");
    watch({"token"});
    replace("token", "two");
    io.run_one_for(milliseconds(1'000));
    watcher.reset();
    io.run_for(4 * kSettle);
    EXPECT_EQ(calls, 0u);
}

}  // namespace
}  // namespace fieldlink::test
