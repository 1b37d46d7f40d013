// What a link does about steps that hang, a token that ends, and a network that changes.
#include <gmock/gmock.h>

#include "link_fixture.hpp"

namespace fieldlink::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const char* const kHour = R"(,"serverTime":1764000000,"expiresAt":1764003600)";

milliseconds between(Instant a, Instant b) {
    return std::chrono::duration_cast<milliseconds>(b - a);
}

/// A connect on which the service takes so many steps and no more.
class StepTest : public LinkTest, public ::testing::WithParamInterface<std::pair<int, std::string>> {};

TEST_P(StepTest, GivesEachStepItsOwnDeadlineAndNamesIt) {
    const auto& [steps, phase] = GetParam();
    cloud.expect_connect().hang_after(steps);
    run();
    loop.pass(seconds(2));
    EXPECT_EQ(link->status().phase, phase);
    EXPECT_EQ(link->status().state, UplinkState::connecting);

    expect_connection_and_subscription();
    run_script();

    EXPECT_EQ(between(cloud.connects[0], cloud.connects[1]),
              seconds(phase == "connecting" ? 15 : 10) + milliseconds(250));
    EXPECT_THAT(link->status().last_error, HasSubstr(phase + " took longer than 1"));
}

INSTANTIATE_TEST_SUITE_P(Link, StepTest,
                         ::testing::Values(std::pair(0, "resolving"), std::pair(1, "connecting"),
                                           std::pair(2, "securing"), std::pair(3, "upgrading")),
                         [](const auto& row) { return row.param.second; });

TEST_F(LinkTest, TellsSinceWhenThereIsNoConnection) {
    expect_connection();
    cloud.expect_subscribe("fleet/gw/cmd").ack().drop_connection();
    cloud.expect_connect().refuse(503);
    cloud.expect_connect().refuse(503);
    run();
    const auto lost = loop.unix_time().count();
    loop.pass(milliseconds(0));
    const auto since = link->status().failing_since;
    EXPECT_LT(since, lost);
    EXPECT_GE(since, loop.unix_time().count() - 5'000);

    expect_connection_and_subscription();
    run_script();
    EXPECT_EQ(link->status().failing_since, 0);
}

TEST_F(LinkTest, FetchesTheNextTokenWhileTheConnectionLasts) {
    cloud.expect_connect().welcome(kHour);
    cloud.expect_subscribe("fleet/gw/cmd").ack();
    run();
    credentials.silent = true;
    loop.pass(minutes(59) + seconds(20));

    EXPECT_EQ(link->status().phase, "refreshing");
    EXPECT_EQ(link->status().state, UplinkState::connected);
    EXPECT_EQ(cloud.connects.size(), 1u);
}

TEST_F(LinkTest, KeepsTheConnectionWhileNoFreshTokenCanBeHad) {
    cloud.expect_connect().welcome(kHour);
    cloud.expect_subscribe("fleet/gw/cmd").ack();
    run();
    credentials.failures.assign(2, {"", Trouble::provisioning_failed, "it answered HTTP 503"});
    loop.pass(minutes(59) + seconds(20));
    EXPECT_EQ(link->status().state, UplinkState::connected);
    EXPECT_THAT(link->status().last_error, HasSubstr("HTTP 503"));

    cloud.expect_close(1000).close(1000);
    expect_connection_and_subscription();
    run_script();

    EXPECT_EQ(between(cloud.connects[0], cloud.connects[1]), minutes(59) + seconds(30));
    EXPECT_THAT(cloud.urls[1], HasSubstr("token=t2"));
}

TEST_F(LinkTest, SleepsWhileTheTokenIsDueAndTheSubscriptionIsNotAnswered) {
    cloud.expect_connect().welcome(R"(,"serverTime":1764000000,"expiresAt":1764000010)");
    cloud.expect_subscribe("fleet/gw/cmd");
    run();
    int steps = 0;
    loop.run_until(loop.now() + seconds(14), [&steps] { return ++steps > 100; });

    EXPECT_LE(steps, 100) << "it wakes again and again and has nothing to do";
}

TEST_F(LinkTest, LeavesTheProvisioningServiceAloneForAsLongAsItAsksWhileTheConnectionLasts) {
    cloud.expect_connect().welcome(kHour);
    cloud.expect_subscribe("fleet/gw/cmd").ack();
    run();
    credentials.failures.push_back({"", Trouble::provisioning_failed, "it answered HTTP 503", seconds(40)});
    cloud.expect_close(1000).close(1000);
    expect_connection_and_subscription();
    run_script();

    EXPECT_EQ(between(cloud.connects[0], cloud.connects[1]), minutes(59) + seconds(40));
}

TEST_F(LinkTest, UsesTheTokenThatWasFetchedAheadAndNoOther) {
    cloud.expect_connect().welcome(kHour);
    cloud.expect_subscribe("fleet/gw/cmd").ack();
    cloud.expect_close(1000).close(1000);
    expect_connection_and_subscription();

    run();

    EXPECT_THAT(cloud.urls[1], HasSubstr("token=t2"));
    EXPECT_EQ(credentials.tokens, 2u);
}

TEST_F(LinkTest, TriesAgainSoonWhenTheNetworkChanges) {
    config.uplink.reconnect.initial_delay = seconds(40);
    cloud.expect_connect().drop_connection();
    run();
    loop.pass(seconds(5));
    expect_connection_and_subscription();
    link->network_changed();
    run_script();

    EXPECT_EQ(between(cloud.connects[0], cloud.connects[1]), seconds(6)) << "5 s, and 1 s of jitter";
}

TEST_F(LinkTest, DoesNotHastenForTheNetworkWhatWaitsForAPerson) {
    cloud.expect_connect().close(4001);
    run();
    loop.pass(seconds(5));
    link->network_changed();
    loop.pass(seconds(50));
    EXPECT_EQ(cloud.connects.size(), 1u);
    EXPECT_THAT(std::string(link->status().phase), StartsWith("waiting"));

    expect_connection_and_subscription();
    run_script();
}

TEST_F(LinkTest, DoesNotHastenForTheNetworkWhatTheServiceAskedFor) {
    cloud.expect_connect().refuse(503, "30");
    run();
    loop.pass(seconds(1));
    link->network_changed();
    expect_connection_and_subscription();
    run_script();

    EXPECT_GE(between(cloud.connects[0], cloud.connects[1]), seconds(30));
}

TEST_F(LinkTest, KnowsOfACredentialThatChangedWhileTheAttemptWithTheOldOneWasUnderWay) {
    cloud.expect_connect().hang_after(3);
    run();
    link->retry_now();
    loop.pass(seconds(1));
    cloud.close_now(4001);
    expect_connection_and_subscription();
    run_script();

    EXPECT_EQ(between(cloud.connects[0], cloud.connects[1]), seconds(1));
}

TEST_F(LinkTest, LooksAtTheConnectionWhenTheNetworkChanges) {
    expect_connection_and_subscription();
    run();
    cloud.expect_ping();
    link->network_changed();
    run_script();
    const Instant asked = loop.now();
    cloud.expect_close(4000).drop_connection();
    expect_connection_and_subscription();
    run_script();

    EXPECT_EQ(between(asked, cloud.connects[1]), seconds(10) + milliseconds(250));
    EXPECT_THAT(link->status().last_error, HasSubstr("fell silent"));
}

TEST_F(LinkTest, SaysWhenACredentialTakesEffect) {
    auto provision = ProvisionConfig{};
    provision.secret.from = SecretRef::From::credential;
    config.uplink.auth = provision;
    cloud.expect_connect().close(4001);
    run();
    loop.pass(seconds(1));

    EXPECT_THAT(link->status().last_error, HasSubstr("takes effect at a restart of the service"));
}

}  // namespace
}  // namespace fieldlink::test
