#include <fstream>
#include <sstream>

#include "outbox_daemon_fixture.hpp"

namespace fieldlink {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

TEST_F(FieldlinkctlOutbox, ListsTheNewestAsATable) {
    ::setenv("TZ", "UTC", 1);
    answers_ = {page(entry(418), 419, false), page(entry(419, R"("damaged":true)"), 420, true)};
    start();

    const auto ended = ctl({"outbox", "list"});
    stop();

    EXPECT_EQ(ended.err, "");
    EXPECT_EQ(ended.out,
              "EPOCH     SEQ  TIME                 KIND      READINGS  STATE      CHANNEL\n"
              "9f1c2e7a  418  2025-11-24 16:00:00  readings         1  delivered  fleet/gw/telemetry\n"
              "9f1c2e7a  419  2025-11-24 16:00:00  readings         1  damaged    fleet/gw/telemetry\n");
    ASSERT_THAT(outbox_requests_, SizeIs(2));
    EXPECT_EQ(outbox_requests_[0].range.from_seq, 81);
    EXPECT_EQ(outbox_requests_[1].from, 419);
    EXPECT_FALSE(outbox_requests_[0].bodies);
}

TEST_F(FieldlinkctlOutbox, ListsWhatIsSelectedAsJsonLinesUpToTheLimit) {
    answers_ = {page(entry(418) + "," + entry(419) + "," + entry(420), 421, true)};
    start();

    const auto ended = ctl({"outbox", "list", "--json", "--seq", "400-", "--since", "1764000000000", "--limit", "2"});
    stop();

    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.out, entry(418) + "\n" + entry(419) + "\n");
    EXPECT_THAT(ended.err, HasSubstr("there are more; raise --limit"));
    ASSERT_THAT(outbox_requests_, SizeIs(1));
    EXPECT_EQ(outbox_requests_[0].range.from_seq, 400);
    EXPECT_EQ(outbox_requests_[0].range.since, std::chrono::milliseconds(1'764'000'000'000));
}

TEST_F(FieldlinkctlOutbox, ShowsOneMessage) {
    answers_ = {page(with_body(418), 419, true), page(with_body(418), 419, true), page("", 419, true)};
    start();

    const auto shown = ctl({"outbox", "show", "418", "--epoch", "9f1c2e7a"});
    const auto as_json = ctl({"outbox", "show", "418", "--json"});
    const auto missing = ctl({"outbox", "show", "419"});
    stop();

    EXPECT_THAT(shown.out, AllOf(StartsWith("{\n  \"seq\": 418,\n"), HasSubstr("\"values\": {\"t\": 71.50}\n")));
    EXPECT_EQ(as_json.out, with_body(418) + "\n");
    EXPECT_EQ(missing.status, 1);
    EXPECT_THAT(missing.err, HasSubstr("no message 419 is stored"));
    EXPECT_EQ(outbox_requests_[0].range.epoch, "9f1c2e7a");
    EXPECT_TRUE(outbox_requests_[0].bodies);
}

TEST_F(FieldlinkctlOutbox, ExportsMessagesAsTheyArePublished) {
    answers_ = {page(with_body(418), 419, false), page(with_body(419), 420, true)};
    start();

    const auto ended = ctl({"outbox", "export"});

    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.err, "");
    std::istringstream lines(ended.out);
    for (const int seq : {418, 419}) {
        std::string line;
        std::getline(lines, line);
        EXPECT_EQ(JsonDocument(line).root()["seq"].integer(), seq) << line;
        EXPECT_EQ(JsonDocument(line).root()["readings"].first()["values"]["t"].raw(), "71.50") << line;
    }
}

TEST_F(FieldlinkctlOutbox, ExportsReadingsAsCsvToAFile) {
    answers_ = {page(with_body(418), 419, true)};
    const std::string file = folder_ / "readings.csv";
    start();

    const auto ended = ctl({"outbox", "export", "--format", "csv", "--output", file});

    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.out, "");
    EXPECT_THAT(ended.err, HasSubstr("exported 1 message, "));
    std::stringstream content;
    content << std::ifstream(file).rdbuf();
    EXPECT_EQ(content.str(),
              "ts,sensor,point,value,error,messageId\r\n2025-11-24T16:00:00.120Z,b,t,71.50,,gw:9f1c2e7a:418\r\n");
}

TEST_F(FieldlinkctlOutbox, SaysThatAnExportIsNotWhole) {
    answers_ = {page(entry(418, R"("damaged":true,"message":null)") + "," + with_body(419), 420, true)};
    start();

    const auto ended = ctl({"outbox", "export"});

    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.out, HasSubstr("gw:9f1c2e7a:419"));
    EXPECT_EQ(ended.err, "1 message left out: damaged on disk\n");
}

TEST_F(FieldlinkctlOutbox, ShowsStatsOfTheDaemonAndItsMetrics) {
    statuses_ = {R"({"outbox":{"owed_messages":1,"owed_readings":30,"last_seq":418,"acked_readings":7}})"};
    metrics_ = "# TYPE a gauge\na{b=\"c\"} 1\n# EOF\n";
    start();

    EXPECT_THAT(ctl({"outbox", "stats"}).out,
                AllOf(HasSubstr("owed       1 message (30 readings)\n"), HasSubstr("acked      7 readings\n")));
    EXPECT_EQ(ctl({"outbox", "stats", "--json"}).out,
              R"({"owed_messages":1,"owed_readings":30,"last_seq":418,"acked_readings":7})"
              "\n");
    EXPECT_EQ(ctl({"metrics"}).out, metrics_);
}

TEST(FieldlinkctlOutboxUsage, EndsWith2WhenTheCommandLineIsWrong) {
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{},
                                                                                       {"lsit"},
                                                                                       {"show"},
                                                                                       {"show", "x"},
                                                                                       {"show", "-1"},
                                                                                       {"list", "--limit", "0"},
                                                                                       {"list", "--since", "soon"},
                                                                                       {"list", "--seq", "b-a"},
                                                                                       {"export", "--format", "xml"},
                                                                                       {"replay"},
                                                                                       {"replay", "--seq", "9-1"},
                                                                                       {"purge", "--until"}}) {
        std::vector<std::string> arguments{kProgram, "outbox"};
        arguments.insert(arguments.end(), words.begin(), words.end());
        const auto ended = run(arguments);
        EXPECT_EQ(ended.status, 2) << testing::PrintToString(words) << ended.out << ended.err;
        EXPECT_NE(ended.err, "") << testing::PrintToString(words);
    }
}

TEST(FieldlinkctlOutboxUsage, HelpsWithExamples) {
    for (const char* verb : {"stats", "list", "show", "export", "replay", "purge"}) {
        const auto ended = run({kProgram, "outbox", verb, "--help"});
        EXPECT_EQ(ended.status, 0);
        EXPECT_THAT(ended.out, AllOf(HasSubstr("Examples:"), HasSubstr(std::string("fieldlinkctl outbox ") + verb)));
    }
}

}  // namespace
}  // namespace fieldlink
