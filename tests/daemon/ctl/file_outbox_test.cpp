#include "daemon/ctl/outbox/file_outbox.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <unistd.h>

#include "daemon/ctl/answers.hpp"
#include "daemon/ctl/control_connection.hpp"
#include "daemon/message/clock.hpp"

namespace fieldlink {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class FileOutboxTest : public testing::Test {
protected:
    FileOutboxTest() {
        std::string name = (std::filesystem::temp_directory_path() / "fieldlink-file-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
        path_ = folder_ / "outbox.db";
    }
    ~FileOutboxTest() override { std::filesystem::remove_all(folder_); }

    void fill() const {
        OutboxOptions options;
        options.path = path_;
        options.max_bytes = 4 * 1024 * 1024;
        options.gateway = "gw";
        options.started = now();
        Outbox outbox(options);
        NewMessage message;
        message.channel = "telemetry";
        message.readings = 3;
        message.created = now();
        outbox.append({message, message});
    }

    static std::string refusal(const std::string& path) {
        try {
            FileOutbox outbox(path);
        } catch (const ControlError& error) {
            return error.what();
        }
        return "opened";
    }

    std::filesystem::path folder_;
    std::string path_;
};

TEST_F(FileOutboxTest, TellsWhatTheFileHolds) {
    fill();

    FileOutbox outbox(path_);

    const auto stats = outbox_stats_in(outbox.stats());
    EXPECT_EQ(stats.owed_messages, 2u);
    EXPECT_EQ(stats.owed_readings, 6u);
    EXPECT_EQ(stats.last_seq, 2);
    EXPECT_EQ(stats.max_bytes, 4u << 20) << "what the file was made for";
    EXPECT_EQ(outbox.replay_owed(), std::nullopt);
    EXPECT_EQ(refusal_in(outbox.ask({})), "");
}

TEST_F(FileOutboxTest, NeitherGrowsNorShrinksAFileHoweverOftenItIsOpened) {
    fill();
    FileOutbox(path_).stats();
    const auto size = std::filesystem::file_size(path_);

    for (int i = 0; i < 3; ++i)
        FileOutbox(path_).stats();

    EXPECT_EQ(std::filesystem::file_size(path_), size);
}

TEST_F(FileOutboxTest, CreatesNoFile) {
    EXPECT_THAT(refusal(path_), AllOf(StartsWith(path_ + ": No such file"), HasSubstr("--outbox")));
    EXPECT_THAT(refusal(folder_), HasSubstr("this is no file"));
    EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(FileOutboxTest, LeavesAFileThatIsNoOutboxAsItIs) {
    std::ofstream(path_) << "readings of last year";

    EXPECT_THAT(refusal(path_), StartsWith(path_));

    std::string text;
    std::getline(std::ifstream(path_), text);
    EXPECT_EQ(text, "readings of last year");
}

}  // namespace
}  // namespace fieldlink
