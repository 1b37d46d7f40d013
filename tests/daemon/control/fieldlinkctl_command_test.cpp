#include <gmock/gmock.h>

#include "fieldlinkctl_fixture.hpp"

namespace fieldlink {
namespace {

using testing::HasSubstr;
using testing::Not;

class FieldlinkctlCommand : public Fieldlinkctl {
protected:
    void start_with(const std::string& result) {
        command_result_ = result;
        answers_at_once_ = true;
        start();
    }
};

TEST_F(FieldlinkctlCommand, ReadsAPointAsItsValueAlone) {
    start_with(R"({"type":"read","status":"done","value":60.50})");

    const auto ended = ctl({"read", "boiler", "setpoint"});

    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(ended.out, "60.50\n");
    stop();
    EXPECT_EQ(commands_.at(0), R"({"type":"read","sensor":"boiler","point":"setpoint"})");
}

TEST_F(FieldlinkctlCommand, ReadsASensorAsAlignedLinesSafeForATerminal) {
    start_with("{\"type\":\"read\",\"status\":\"done\",\"value\":{\"temperature\":71.5,\"pump\":\"\\u001b[2J\"}}");

    EXPECT_EQ(ctl({"read", "boiler"}).out, "temperature  71.5\npump         \uFFFD[2J\n");
}

TEST_F(FieldlinkctlCommand, WritesAndShowsWhatTheDeviceHoldsThen) {
    start_with(R"({"type":"write","status":"done","value":60.5})");

    EXPECT_EQ(ctl({"write", "boiler", "setpoint", "60.49"}).out, "setpoint = 60.5 (read back)\n");
}

TEST_F(FieldlinkctlCommand, SendsAValueAsWhatItLooksLike) {
    start_with(R"({"type":"write","status":"done"})");
    const std::vector<std::pair<std::string, std::string>> cases{
        {"60.50", "60.50"}, {"-5", "-5"},     {"-0.5", "-0.5"},     {"true", "true"},
        {"on", "true"},     {"off", "false"}, {"warm", "\"warm\""}, {"[1]", "\"[1]\""}};

    for (const auto& [word, json] : cases) {
        const auto ended = ctl({"write", "boiler", "offset", word, "--json"});
        EXPECT_EQ(ended.status, 0) << word << ": " << ended.err;
    }

    stop();
    ASSERT_EQ(commands_.size(), cases.size());
    for (std::size_t i = 0; i < cases.size(); ++i)
        EXPECT_THAT(commands_[i], HasSubstr("\"value\":" + cases[i].second + "}"));
}

TEST_F(FieldlinkctlCommand, FailsAndNamesTheStatusWhenItIsNotDone) {
    start_with(R"({"type":"write","status":"rejected","message":"above its max of 80"})");

    const auto ended = ctl({"write", "boiler", "setpoint", "90"});

    EXPECT_EQ(ended.status, 1);
    EXPECT_EQ(ended.out, "");
    EXPECT_EQ(ended.err, "fieldlinkctl: rejected: above its max of 80\n");
}

TEST_F(FieldlinkctlCommand, PrintsTheResultAsJson) {
    start_with(R"({"type":"poll","status":"done","values":{"t":1.50}})");

    EXPECT_EQ(ctl({"poll", "boiler", "--json"}).out, command_result_ + "\n");
}

TEST_F(FieldlinkctlCommand, CompletesSensorsAndPointsWithoutShowingInTheHelp) {
    status_ = R"({"sensors":{"boiler":{"values":{"temperature":1,"pump":true}},"$x;y":{},"tank":{}}})";
    start();

    EXPECT_EQ(ctl({"complete", "sensors"}).out, "boiler\ntank\n");
    EXPECT_EQ(ctl({"complete", "points", "boiler"}).out, "temperature\npump\n");
    EXPECT_EQ(ctl({"complete", "points", "nothing"}).out, "");
    EXPECT_THAT(ctl({"--help"}).out, Not(HasSubstr("complete")));
}

TEST_F(FieldlinkctlCommand, CompletesNothingWithoutADaemon) {
    const auto ended = ctl({"complete", "sensors"});

    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.out + ended.err, "");
}

}  // namespace
}  // namespace fieldlink
