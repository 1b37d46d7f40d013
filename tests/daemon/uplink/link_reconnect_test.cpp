#include <gmock/gmock.h>

#include "link_fixture.hpp"

namespace fieldlink::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

milliseconds between(Instant a, Instant b) {
    return std::chrono::duration_cast<milliseconds>(b - a);
}

TEST_F(LinkTest, FetchesAFreshTokenBeforeEveryConnect) {
    cloud.expect_connect().drop_connection();
    cloud.expect_connect().refuse(503);
    expect_connection_and_subscription();

    run();

    EXPECT_THAT(cloud.urls, ElementsAre("wss://cloud.example/v1?token=t1", "wss://cloud.example/v1?token=t2",
                                        "wss://cloud.example/v1?token=t3"));
}

TEST_F(LinkTest, NeverGivesUp) {
    config.uplink.reconnect.max_delay = seconds(60);
    for (int i = 0; i < 200; ++i)
        cloud.expect_connect().drop_connection();
    expect_connection_and_subscription();

    run();

    EXPECT_EQ(link->status().state, UplinkState::connected);
    EXPECT_LE(between(cloud.connects[198], cloud.connects[199]), seconds(60));
}

TEST_F(LinkTest, KeepsToTheConnectsPerMinuteWhateverTheServiceDoes) {
    config.uplink.reconnect.per_minute = 4;
    for (int i = 0; i < 20; ++i)
        cloud.expect_connect().welcome().close(4002);
    expect_connection_and_subscription();

    run();

    for (std::size_t i = 4; i < cloud.connects.size(); ++i)
        EXPECT_GE(between(cloud.connects[i - 4], cloud.connects[i]), minutes(1)) << i;
}

TEST_F(LinkTest, ReconnectsAtOnceWithAFreshTokenWhenTheTokenExpired) {
    expect_connection();
    cloud.expect_subscribe("fleet/gw/cmd").ack().close(4002);
    expect_connection_and_subscription();

    run();

    EXPECT_EQ(between(cloud.connects[0], cloud.connects[1]), milliseconds(0));
    EXPECT_THAT(cloud.urls[1], HasSubstr("token=t2"));
}

TEST_F(LinkTest, GoesToTheSlowLaneWhenTheCredentialIsRefused) {
    cloud.expect_connect().close(4001);
    expect_connection_and_subscription();

    run();

    EXPECT_GE(between(cloud.connects[0], cloud.connects[1]), seconds(60));
    EXPECT_THAT(link->status().last_error, HasSubstr("provisioning service"));
}

TEST_F(LinkTest, ComesBackAtOnceFromTheSlowLaneWhenToldTo) {
    cloud.expect_connect().close(4012);
    run();
    loop.pass(seconds(5));
    EXPECT_EQ(link->status().state, UplinkState::waiting);
    EXPECT_GT(link->status().next_attempt, loop.unix_time().count());

    expect_connection_and_subscription();
    link->retry_now();
    run_script();

    EXPECT_EQ(between(cloud.connects[0], cloud.connects[1]), seconds(5));
}

TEST_F(LinkTest, HonoursWhenTheServiceSaysToComeBack) {
    cloud.expect_connect().refuse(429, "120");
    expect_connection();
    cloud.expect_subscribe("fleet/gw/cmd").say(R"({"type":"going_away","retryAfterMs":90000})").close(1001);
    expect_connection_and_subscription();

    run();

    EXPECT_GE(between(cloud.connects[0], cloud.connects[1]), seconds(120));
    EXPECT_GE(between(cloud.connects[1], cloud.connects[2]), seconds(90));
    EXPECT_LE(between(cloud.connects[1], cloud.connects[2]), seconds(150));
}

TEST_F(LinkTest, SaysWhatToDoWhenProvisioningFailsAndTriesAgain) {
    credentials.failures = {{"", Trouble::provisioning_refused, "it answered HTTP 401"},
                            {"", Trouble::provisioning_failed, "the answer is no JSON"}};
    expect_connection_and_subscription();
    const Instant begin = loop.now();

    run();

    EXPECT_GE(between(begin, cloud.connects[0]), seconds(60));
    const auto said = [this](const std::string& text) {
        return std::any_of(outbox.statuses.begin(), outbox.statuses.end(),
                           [&text](const UplinkStatus& s) { return s.last_error.find(text) != std::string::npos; });
    };
    EXPECT_TRUE(said("HTTP 401"));
    EXPECT_TRUE(said("no JSON"));
}

TEST_F(LinkTest, DoesNotWaitForAProvisioningServiceForEver) {
    credentials.silent = true;
    run();
    loop.pass(milliseconds(60'100));
    EXPECT_EQ(link->status().state, UplinkState::waiting);

    credentials.silent = false;
    expect_connection_and_subscription();
    run_script();
}

TEST_F(LinkTest, RenewsTheConnectionBeforeTheTokenExpiresOnceTheAcksAreIn) {
    cloud.expect_connect().welcome(R"(,"serverTime":1764000000,"expiresAt":1764003600)");
    cloud.expect_subscribe("fleet/gw/cmd").ack();
    cloud.expect_close(1000).close(1000);
    expect_connection_and_subscription();

    run();

    EXPECT_EQ(between(cloud.connects[0], cloud.connects[1]), minutes(59));
    EXPECT_EQ(link->status().last_error, "");
}

TEST_F(LinkTest, RenewsAShortLivedTokenAtFourFifthsOfItsLife) {
    cloud.expect_connect().welcome(R"(,"serverTime":1764000000000,"expiresAt":1764000100)");
    cloud.expect_subscribe("fleet/gw/cmd").ack();
    cloud.expect_close(1000).close(1000);
    expect_connection_and_subscription();

    run();

    EXPECT_EQ(between(cloud.connects[0], cloud.connects[1]), seconds(80));
}

TEST_F(LinkTest, ReportsTheStateThatOperatorsSee) {
    cloud.expect_connect().drop_connection();
    expect_connection_and_subscription();

    run();
    loop.pass(seconds(1));

    std::vector<UplinkState> states;
    for (const UplinkStatus& status : outbox.statuses)
        states.push_back(status.state);
    states.erase(std::unique(states.begin(), states.end()), states.end());
    EXPECT_THAT(states, ElementsAre(UplinkState::connecting, UplinkState::waiting, UplinkState::connecting,
                                    UplinkState::connected));
    EXPECT_EQ(link->status().attempt, 2u);
}

TEST_F(LinkTest, StartsTheDelaysOverOnlyAfterAStableMinuteWithAnAck) {
    for (int i = 0; i < 3; ++i)
        cloud.expect_connect().drop_connection();
    expect_connection_and_subscription();
    run();
    loop.pass(seconds(70));
    cloud.close_now(1006);
    cloud.expect_connect().welcome().drop_connection();
    cloud.expect_connect();

    run_script();

    EXPECT_EQ(between(cloud.connects[4], cloud.connects[5]), milliseconds(500));  // second delay of a fresh start
}

}  // namespace
}  // namespace fieldlink::test
