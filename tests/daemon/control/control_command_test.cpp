#include <gmock/gmock.h>
#include <unistd.h>

#include "control_fixture.hpp"
#include "without_rights.hpp"

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

using ControlCommand = ControlTest;

constexpr const char* kRead = "{\"verb\":\"command\",\"command\":{\"type\":\"read\",\"sensor\":\"boiler\"}}\n";
constexpr const char* kWrite = "{\"verb\":\"command\",\"command\":{\"type\":\"write\",\"value\":60.50}}\n";

TEST_F(ControlCommand, HandsTheCommandOnAsWrittenAndAnswersWhenItIsDone) {
    serve();
    const auto client = this->client();
    client->send(kWrite);
    settle(io_);
    ASSERT_THAT(commands_, ElementsAre(R"({"type":"write","value":60.50})"));
    EXPECT_THAT(command_from_, StartsWith("local:"));

    command_answer_(command_result_);

    EXPECT_EQ(client->line(), R"({"ok":true,"result":)" + command_result_ + "}");
}

TEST_F(ControlCommand, LetsThoseWithoutRightsReadAndPingButNothingElse) {
    serve(OperatorRights(::geteuid() + 1, std::nullopt));
    answers_at_once_ = true;
    std::filesystem::permissions(folder_, std::filesystem::perms::all);
    std::filesystem::permissions(path_, std::filesystem::perms::all);
    std::unique_ptr<UnixClient> client;
    {
        const WithoutRights without_rights;
        client = this->client();
    }

    for (const char* type : {"write", "poll", "set", "reboot", "replay", "calibrate", "Read"}) {
        client->send(std::string(R"({"verb":"command","command":{"type":")") + type + "\"}}\n");
        EXPECT_THAT(error_in(client->line()), StartsWith("this has the gateway act, which is for root and members"));
    }
    EXPECT_THAT(commands_, IsEmpty());
    client->send(kRead);
    EXPECT_EQ(client->line(), R"({"ok":true,"result":)" + command_result_ + "}");
    client->send("{\"verb\":\"command\",\"command\":{\"type\":\"ping\"}}\n");
    EXPECT_EQ(client->line(), R"({"ok":true,"result":)" + command_result_ + "}");
}

TEST_F(ControlCommand, SaysWhatIsWrongWithAMalformedOne) {
    serve();
    const auto client = this->client();

    for (const char* command : {"null", "[]", "\"read\"", "{}", R"({"type":7})"}) {
        client->send(std::string(R"({"verb":"command","command":)") + command + "}\n");
        EXPECT_THAT(error_in(client->line()), HasSubstr("must be an object with a string \"type\"")) << command;
    }
    client->send("{\"verb\":\"command\"}\n");
    EXPECT_THAT(error_in(client->line()), HasSubstr("must be an object"));
    EXPECT_THAT(commands_, IsEmpty());
}

TEST(LocalName, IsTheUsersNameOrElseTheNumber) {
    Peer peer;
    EXPECT_EQ(local_name_of(peer), "local:unknown");
    peer.known = true;
    EXPECT_EQ(local_name_of(peer), "local:root");
    peer.user = 3'999'999'999;
    EXPECT_EQ(local_name_of(peer), "local:uid 3999999999");
}

}  // namespace
}  // namespace fieldlink
