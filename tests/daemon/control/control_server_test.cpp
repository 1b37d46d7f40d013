#include "daemon/control/control_server.hpp"

#include <vector>

#include <gmock/gmock.h>

#include "control_fixture.hpp"

namespace fieldlink {
namespace {

using testing::HasSubstr;
using testing::Optional;

using ControlServerTest = ControlTest;

constexpr const char* kReading = R"({"sensor":"boiler","ts":1764000000000,"values":{"temperature":71.5}})";

TEST_F(ControlServerTest, AnswersStatus) {
    serve();
    const auto client = this->client();

    client->send(kStatus);

    EXPECT_EQ(client->line(), R"({"ok":true,"status":{"gateway":"sensor-42"}})");
}

TEST_F(ControlServerTest, AnswersMetricsAsOneLine) {
    metrics_ = "fieldlink_a{b=\"c\\\\\"} 1\n# EOF\n";
    serve();
    const auto client = this->client();

    client->send("{\"verb\":\"metrics\"}\n");

    const auto line = client->line();
    ASSERT_TRUE(line);
    EXPECT_EQ(JsonDocument(*line).root()["metrics"].string(), metrics_);
}

TEST_F(ControlServerTest, AnswersRequestsOfOneClientInTheirOrder) {
    serve();
    const auto client = this->client();

    client->send(std::string(kTail) + kStatus + "{\"verb\":\"sta");
    EXPECT_EQ(client->line(), R"({"ok":true})");
    EXPECT_THAT(client->line(), Optional(HasSubstr("sensor-42")));

    client->send("tus\"}\n");
    EXPECT_THAT(client->line(), Optional(HasSubstr("sensor-42")));
}

TEST_F(ControlServerTest, SendsReadingsToThoseWhoFollowAndToNobodyElse) {
    serve();
    const auto first = client(), second = client(), other = client();
    first->send(kTail);
    second->send(kTail);
    EXPECT_EQ(first->line(), R"({"ok":true})");
    EXPECT_EQ(second->line(), R"({"ok":true})");

    server_->publish_reading(kReading);
    other->send(kStatus);

    EXPECT_EQ(first->line(), kReading);
    EXPECT_EQ(second->line(), kReading);
    EXPECT_THAT(other->line(), Optional(HasSubstr("status")));
}

TEST_F(ControlServerTest, SendsAReadingOnceToAClientThatAskedTwice) {
    serve();
    const auto client = this->client();
    client->send(std::string(kTail) + kTail);
    client->line();
    client->line();

    server_->publish_reading(kReading);
    client->send(kStatus);

    EXPECT_EQ(client->line(), kReading);
    EXPECT_THAT(client->line(), Optional(HasSubstr("status")));
}

TEST_F(ControlServerTest, KnowsWhetherSomebodyFollows) {
    serve();
    const auto client = this->client();
    client->send(kStatus);
    client->line();
    EXPECT_FALSE(server_->has_followers());

    client->send(kTail);
    client->line();
    EXPECT_TRUE(server_->has_followers());

    client->close();
    settle(io_);
    EXPECT_FALSE(server_->has_followers());
}

TEST_F(ControlServerTest, AnswersAnErrorToWhatIsNoRequestAndGoesOn) {
    const std::vector<std::pair<std::string, std::string>> lines{
        {"", "not JSON"},
        {"status", "not JSON"},
        {R"({"verb":"status")", "not JSON"},
        {R"({"verb":"status"} {})", "not JSON"},
        {"{\"verb\":\"st\xFFtus\"}", "not JSON"},
        {"[1]", "no JSON object"},
        {"7", "no JSON object"},
        {"{}", "\"verb\""},
        {R"({"verb":1})", "\"verb\""},
        {R"({"verb":"stauts"})", "no verb \"stauts\"; there are: status, tail"},
        {R"({"verb":"a\"\n\u001b"})", "no verb \"a\"\n\x1b\""},
        {std::string(60'000, '['), "not JSON"},
    };
    serve();
    const auto client = this->client();

    for (const auto& [line, what] : lines) {
        client->send(line + '\n');
        EXPECT_THAT(error_in(client->line()), HasSubstr(what)) << line;
    }
    client->send(kStatus);
    EXPECT_THAT(client->line(), Optional(HasSubstr("sensor-42")));
}

TEST_F(ControlServerTest, AnswersAClientThatHasClosedItsSendingSide) {
    status_ = R"({"gateway":")" + std::string(3'000'000, 'x') + "\"}";
    serve();
    const auto client = this->client();

    client->send(kStatus);
    client->close_sending_side();

    EXPECT_THAT(client->line(), Optional(testing::SizeIs(testing::Gt(3'000'000u))));
    EXPECT_EQ(client->line(), std::nullopt);
}

TEST_F(ControlServerTest, DropsALineWhoseSenderDiedInTheMiddle) {
    serve();
    const auto client = this->client();

    client->send(R"({"verb":"status"})");
    client->close_sending_side();

    EXPECT_EQ(client->line(), std::nullopt);
}

TEST_F(ControlServerTest, MayBeDestroyedWithWorkUnderWay) {
    status_ = R"({"gateway":")" + std::string(3'000'000, 'x') + "\"}";
    serve();
    const auto asking = client(), following = client(), gone = client();
    following->send(kTail);
    following->line();
    asking->send(kStatus);
    io_.poll_one();
    gone->close();
    const auto waiting = client();

    server_.reset();
    settle(io_);

    while (asking->line())
        continue;
    EXPECT_EQ(following->line(), std::nullopt);
    EXPECT_EQ(waiting->line(), std::nullopt);
}

}  // namespace
}  // namespace fieldlink
