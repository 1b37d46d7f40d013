#include <filesystem>
#include <memory>

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/message/clock.hpp"
#include "fieldlinkctl_fixture.hpp"
#include "storage/outbox.hpp"

namespace fieldlink {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr uid_t kNobody = 65534;

class FieldlinkctlOffline : public Fieldlinkctl {
protected:
    FieldlinkctlOffline() : file_(folder_ / "outbox.db") {}

    std::unique_ptr<Outbox> open() const {
        OutboxOptions options;
        options.path = file_;
        options.max_bytes = 4 * 1024 * 1024;
        options.gateway = "gw";
        options.started = now();
        return std::make_unique<Outbox>(options);
    }

    Program::Ended offline(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {kProgram, "outbox"});
        arguments.insert(arguments.end(), {"--outbox", file_});
        return run(arguments);
    }

    std::string file_;
};

TEST_F(FieldlinkctlOffline, ShowsStatsWithoutADaemon) {
    NewMessage message;
    message.channel = "telemetry";
    message.readings = 3;
    open()->append({message});

    const auto ended = offline({"stats", "--json"});

    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_THAT(ended.out, StartsWith(R"({"owed_messages":1,"owed_readings":3,)"));
}

TEST_F(FieldlinkctlOffline, SaysWhoHasTheFileOpen) {
    const auto outbox = open();

    const auto ended = offline({"stats"});

    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.err, AllOf(HasSubstr(file_ + ": process " + std::to_string(::getpid()) + " ("),
                                 HasSubstr("leave --outbox away to ask the running daemon")));
}

TEST_F(FieldlinkctlOffline, TakesOnTheOwnerOfTheFile) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can take on another user";
    open().reset();
    ASSERT_EQ(::chown(folder_.c_str(), kNobody, kNobody), 0);
    ASSERT_EQ(::chown(file_.c_str(), kNobody, kNobody), 0);
    ASSERT_EQ(::chmod(file_.c_str(), 0600), 0);
    // Its owner may no more read this than write it; root could.
    ASSERT_EQ(::chmod(folder_.c_str(), 0500), 0);

    const auto locked = offline({"stats"});
    ASSERT_EQ(::chmod(folder_.c_str(), 0700), 0);
    const auto ended = offline({"stats"});

    EXPECT_EQ(locked.status, 1) << locked.out;
    EXPECT_EQ(ended.status, 0) << ended.err;
    for (const auto& file : std::filesystem::directory_iterator(folder_)) {
        struct stat status {};
        ASSERT_EQ(::stat(file.path().c_str(), &status), 0);
        EXPECT_EQ(status.st_uid, kNobody) << file.path();
    }
}

TEST_F(FieldlinkctlOffline, CreatesNothing) {
    const auto ended = offline({"list"});

    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.err, HasSubstr("No such file"));
    EXPECT_FALSE(std::filesystem::exists(file_));
}

}  // namespace
}  // namespace fieldlink
