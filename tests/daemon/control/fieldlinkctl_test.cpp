#include <csignal>
#include <fstream>

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fieldlinkctl_fixture.hpp"

namespace fieldlink {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

TEST_F(Fieldlinkctl, ShowsTheStatus) {
    start();

    const auto ended = ctl({"status"});

    EXPECT_EQ(ended.status, 0);
    EXPECT_THAT(ended.out, AllOf(StartsWith("sensor-42  fieldlink unknown\n"), HasSubstr("\nuplink   unknown\n")));
    EXPECT_EQ(ended.err, "");
}

TEST_F(Fieldlinkctl, WritesTheStatusAsTheDaemonSaysItAndSafeForATerminal) {
    status_ = "{\"gateway\":\"sensor-42\u009b\",\"more\":[1.50]}";
    start();

    const auto ended = ctl({"status", "--json"});

    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.out, "{\"gateway\":\"sensor-42\\u009b\",\"more\":[1.50]}\n");
}

TEST_F(Fieldlinkctl, TakesTheSocketFromTheEnvironmentAndAfterTheVerb) {
    start();

    EXPECT_EQ(run({kProgram, "status"}, {"FIELDLINK_SOCKET=" + path_}).status, 0);
    EXPECT_EQ(run({kProgram, "status", "--socket", path_}).status, 0);
}

TEST_F(Fieldlinkctl, SaysWhichVerbWasPerhapsMeant) {
    const auto wrong = run({kProgram, "stauts"});
    EXPECT_EQ(wrong.status, 2);
    EXPECT_THAT(wrong.err, HasSubstr("\"stauts\" is no verb of fieldlinkctl; did you mean \"status\"?"));
    EXPECT_THAT(run({kProgram, "outbox", "--outbox", "x.db", "reply", "--since", "2h"}).err,
                HasSubstr("\"reply\" is no verb of fieldlinkctl outbox; did you mean \"replay\"?"));

    const auto missing = run({kProgram, "outbox"});
    EXPECT_EQ(missing.status, 2);
    EXPECT_THAT(missing.err, HasSubstr("the verb is missing; write one of: stats, list, "));
    EXPECT_THAT(run({kProgram, "outbox", "show"}).err, HasSubstr("SEQ is required"));
}

TEST_F(Fieldlinkctl, FollowsReadingsAsPlainLinesUntilCtrlC) {
    start();
    Program tail({kProgram, "--socket", path_, "tail"}, {"TZ=UTC"});

    publish(R"({"sensor":"boiler","ts":1764000000120,"values":{"temperature":71.5}})");
    EXPECT_EQ(tail.line(), "2025-11-24 16:00:00.120 boiler temperature=71.5\n");
    tail.signal(SIGINT);

    const auto ended = tail.end();
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.err, "");
}

TEST_F(Fieldlinkctl, FollowsReadingsAsJson) {
    start();
    Program tail({kProgram, "--socket", path_, "tail", "--json"});

    publish(R"({"sensor":"boiler","ts":1764000000120,"values":{"temperature":71.50}})");

    EXPECT_EQ(tail.line(), "{\"sensor\":\"boiler\",\"ts\":1764000000120,\"values\":{\"temperature\":71.50}}\n");
    tail.signal(SIGTERM);
    EXPECT_EQ(tail.end().status, 0);
}

TEST_F(Fieldlinkctl, TellsThatTheDaemonWentAway) {
    start();
    Program tail({kProgram, "--socket", path_, "tail"});
    publish(R"({"sensor":"boiler","ts":1764000000120,"values":{}})");
    tail.line();

    stop();

    const auto ended = tail.end();
    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.err, HasSubstr("the daemon has closed the connection"));
}

TEST_F(Fieldlinkctl, SaysWhatToDoWhenNoDaemonAnswers) {
    const auto ended = ctl({"status"});

    EXPECT_EQ(ended.status, 1);
    EXPECT_EQ(ended.err,
              "fieldlinkctl: no answer on " + path_ + ": is the daemon running? systemctl status fieldlink\n");
}

TEST_F(Fieldlinkctl, NamesTheGroupWhenItMayNotConnect) {
    start();
    ::chmod(path_.c_str(), 0);
    const uid_t nobody = 65534;

    const auto ended = run({kProgram, "--socket", path_, "tail"}, {}, ::geteuid() == 0 ? nobody : ::geteuid());

    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.err, AllOf(HasSubstr(path_ + ": permission denied"), HasSubstr("group fieldlink")));
}

TEST_F(Fieldlinkctl, PassesOnWhyTheDaemonRefused) {
    serve();
    std::vector<std::unique_ptr<UnixClient>> clients;
    for (std::size_t i = 0; i < ControlServer::kMaxClients; ++i)
        clients.push_back(client());
    settle(io_);
    run_loop();

    const auto ended = ctl({"status"});

    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.err, HasSubstr("16 clients are connected"));
}

TEST_F(Fieldlinkctl, FailsWhenItsOutputCannotBeWritten) {
    start();
    const std::string command = std::string(kProgram) + " --socket " + path_ + " status >/dev/full";

    const auto ended = run({"/bin/sh", "-c", command});

    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.err, HasSubstr("could not be written"));
}

TEST(FieldlinkctlUsage, EndsWith2WhenTheCommandLineIsWrong) {
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{},
                                                                                       {"stauts"},
                                                                                       {"status", "--jsno"},
                                                                                       {"status", "extra"},
                                                                                       {"status", "tail"},
                                                                                       {"--socket"},
                                                                                       {"check", "a", "b"},
                                                                                       {"check", "--json"}}) {
        std::vector<std::string> arguments{kProgram};
        arguments.insert(arguments.end(), words.begin(), words.end());
        const auto ended = run(arguments);
        EXPECT_EQ(ended.status, 2) << testing::PrintToString(words) << ended.out << ended.err;
        EXPECT_NE(ended.err, "") << testing::PrintToString(words);
    }
}

TEST(FieldlinkctlUsage, HelpsWithExamples) {
    EXPECT_EQ(run({kProgram, "--help"}).status, 0);
    EXPECT_EQ(run({kProgram, "--version"}).status, 0);
    for (const char* verb : {"status", "tail", "check"}) {
        const auto ended = run({kProgram, verb, "--help"});
        EXPECT_EQ(ended.status, 0);
        EXPECT_THAT(ended.out, AllOf(HasSubstr("Examples:"), HasSubstr(std::string("fieldlinkctl ") + verb)));
    }
}

TEST_F(Fieldlinkctl, ChecksAConfigurationWithoutADaemon) {
    const std::string file = folder_ / "fieldlink.yaml";
    std::ofstream(file) << "uplnik: {}\n";

    const auto ended = run({kProgram, "check", file, "--driver-dir", folder_});

    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.out, HasSubstr(file + ":1:1: error: "));
}

}  // namespace
}  // namespace fieldlink
