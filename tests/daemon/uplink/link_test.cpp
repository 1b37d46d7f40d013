#include <gmock/gmock.h>

#include "link_fixture.hpp"

namespace fieldlink::test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

milliseconds between(Instant a, Instant b) {
    return std::chrono::duration_cast<milliseconds>(b - a);
}

TEST_F(LinkTest, ResendsWhatWasNotAckedUnderTheSameIds) {
    outbox.owe(1);
    outbox.owe(2);
    expect_connection_and_subscription();
    cloud.expect_publish("gw:e1:1").ack();
    cloud.expect_publish("gw:e1:2").drop_connection();
    expect_connection_and_subscription();
    cloud.expect_publish("gw:e1:2").ack();

    run();

    EXPECT_THAT(outbox.owed(), IsEmpty());
    EXPECT_EQ(link->status().acked_messages, 2u);
    EXPECT_EQ(link->status().published_frames, 3u);
}

TEST_F(LinkTest, SendsNothingBeforeTheWelcomeAndGivesUpOnASilentServiceWith4000) {
    outbox.owe(1);
    cloud.expect_connect().say(R"({"type":"presence"})");
    cloud.expect_close(4000).close(4000);
    expect_connection_and_subscription();
    cloud.expect_publish("gw:e1:1").ack();

    run();

    EXPECT_GE(between(cloud.connects[0], cloud.connects[1]), seconds(10));
    EXPECT_THAT(link->status().last_error, HasSubstr("welcome"));
}

TEST_F(LinkTest, AsksThreeTimesForTheSubscriptionAndPublishesMeanwhile) {
    outbox.owe(1);
    expect_connection();
    cloud.expect_subscribe("fleet/gw/cmd").error("action_not_permitted");
    cloud.expect_publish("gw:e1:1").ack();
    cloud.expect_subscribe("fleet/gw/cmd");
    cloud.expect_subscribe("fleet/gw/cmd").error("action_not_permitted");

    run();
    loop.pass(minutes(5));

    EXPECT_EQ(link->status().state, UplinkState::connected);
    EXPECT_THAT(link->status().last_error, HasSubstr("fleet/gw/cmd"));
}

TEST_F(LinkTest, HandsOverCommandsAndIgnoresTheRest) {
    expect_connection();
    cloud.expect_subscribe("fleet/gw/cmd")
        .ack()
        .say(R"({"type":"message","channel":"fleet/gw/cmd","from":"ops","data":{"type":"ping", "id":"c1"}})")
        .say(R"({"type":"message","channel":"fleet/other","from":"ops","data":{"type":"ping"}})")
        .say(R"({"type":"direct","from":"ops","data":{"type":"ping"}})")
        .say(R"({"type":"message","channel":"fleet/gw/cmd","data":{"type":"no sender"}})")
        .say(R"({"type":"direct","data":{"type":"no sender"}})")
        .say(R"({"type":"something_new"})")
        .say("<html>")
        .say("[]")
        .say(R"({"type":7})")
        .binary();

    run();
    loop.pass(seconds(1));

    EXPECT_THAT(outbox.commands, ElementsAre(R"(ops: {"type":"ping", "id":"c1"})"));
    EXPECT_THAT(outbox.directs, ElementsAre(R"(ops: {"type":"ping"})"));
    EXPECT_EQ(link->status().ignored_frames, 8u);
    EXPECT_EQ(link->status().state, UplinkState::connected);
}

TEST_F(LinkTest, CountsAcksThatItDidNotExpect) {
    outbox.owe(1);
    expect_connection_and_subscription();
    cloud.expect_publish("gw:e1:1")
        .ack_twice()
        .say(R"({"type":"ack","requestId":"77x"})")
        .say(R"({"type":"ack","requestId":"02"})");

    run();
    loop.pass(seconds(1));

    EXPECT_EQ(link->status().unexpected_acks, 3u);
    EXPECT_EQ(link->status().acked_messages, 1u);
}

TEST_F(LinkTest, NeverUsesARequestIdTwice) {
    without_ramp();
    for (int i = 1; i <= 5; ++i)
        outbox.owe(i);
    for (int i = 1; i <= 5; ++i) {
        expect_connection_and_subscription();
        cloud.expect_publish("gw:e1:" + std::to_string(i)).ack().drop_connection();
        for (int rest = i + 1; rest <= 5; ++rest)
            cloud.expect_publish("gw:e1:" + std::to_string(rest));
    }

    run();

    std::sort(cloud.request_ids.begin(), cloud.request_ids.end());
    EXPECT_EQ(std::adjacent_find(cloud.request_ids.begin(), cloud.request_ids.end()), cloud.request_ids.end());
}

TEST_F(LinkTest, TakesALateAckForADeadConnection) {
    outbox.owe(1);
    expect_connection_and_subscription();
    cloud.expect_publish("gw:e1:1");
    cloud.expect_close(4000);  // not answered either
    expect_connection_and_subscription();
    cloud.expect_publish("gw:e1:1").ack();

    run();

    EXPECT_LE(between(cloud.connects[0], cloud.connects[1]), seconds(15));
    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkTest, PingsAQuietServiceAndLeavesADeadOne) {
    expect_connection_and_subscription();
    cloud.expect_ping().say(R"({"type":"pong"})");
    cloud.expect_ping();
    cloud.expect_ping();
    cloud.expect_close(4000);
    expect_connection_and_subscription();

    run();

    EXPECT_GE(between(cloud.connects[0], cloud.connects[1]), seconds(80));
    EXPECT_LE(between(cloud.connects[0], cloud.connects[1]), seconds(84));
}

TEST_F(LinkTest, TellsTheServicesTimeFromSecondsOrMilliseconds) {
    cloud.expect_connect().welcome(R"(,"serverTime":1764000000.5)").drop_connection();
    cloud.expect_connect().welcome(R"(,"serverTime":1764000000500)");
    cloud.expect_subscribe("fleet/gw/cmd").ack();

    run();

    EXPECT_THAT(outbox.service_times, ElementsAre(milliseconds(1764000000500), milliseconds(1764000000500)));
}

TEST_F(LinkTest, TakesTheFirstWelcomeOnlyAndNoneThatIsMalformed) {
    cloud.expect_connect().say(R"({"type":"welcome"})").say(R"({"type":"welcome","peerId":7})").welcome();
    cloud.expect_subscribe("fleet/gw/cmd").ack().say(R"({"type":"welcome","peerId":"other"})");

    run();
    loop.pass(seconds(1));

    EXPECT_EQ(link->status().peer_id, "gw");
    EXPECT_EQ(link->status().ignored_frames, 3u);
    EXPECT_EQ(link->status().connects, 1u);
}

TEST_F(LinkTest, StopsAtOnceWhenThereIsNoConnection) {
    cloud.expect_connect().drop_connection();
    run();
    bool stopped = false;
    link->stop(seconds(2), [&stopped] { stopped = true; });
    EXPECT_FALSE(stopped) << "called from inside stop()";
    loop.pass(milliseconds(0));
    EXPECT_TRUE(stopped);
    loop.pass(hours(1));
}

TEST_F(LinkTest, PublishesWhatIsOwedBeforeItStops) {
    expect_connection_and_subscription();
    run();
    outbox.owe(1);
    link->more_is_owed();
    cloud.expect_publish("gw:e1:1").ack();
    cloud.expect_close(1000).close(1000);
    bool stopped = false;
    link->stop(seconds(2), [&stopped] { stopped = true; });

    run_script();

    loop.pass(milliseconds(0));
    EXPECT_TRUE(stopped);
    EXPECT_THAT(outbox.owed(), IsEmpty());
}

TEST_F(LinkTest, StopsInTimeThoughTheServiceDoesNotAnswer) {
    outbox.owe(1);
    expect_connection_and_subscription();
    cloud.expect_publish("gw:e1:1");
    run();
    cloud.expect_close(1000);
    const Instant begin = loop.now();
    std::optional<Instant> stopped;
    link->stop(seconds(2), [&] { stopped = loop.now(); });

    run_script();
    loop.pass(seconds(10));

    ASSERT_TRUE(stopped);
    EXPECT_LE(between(begin, *stopped), seconds(3));
    EXPECT_THAT(outbox.owed(), ElementsAre(1));
}

TEST_F(LinkTest, MayBeDestroyedByTheOneWhomItTellsThatItStopped) {
    expect_connection_and_subscription();
    run();
    cloud.expect_close(1000).close(1000);
    link->stop(seconds(2), [this] { link.reset(); });
    run_script();
    loop.pass(seconds(10));
    EXPECT_FALSE(link);
}

TEST_F(LinkTest, PutsNoLineBreaksOfTheServiceIntoTheJournal) {
    outbox.owe(1);
    expect_connection_and_subscription();
    cloud.expect_publish("gw:e1:1").error("a\\nfake: line");
    run();
    loop.pass(milliseconds(1));
    EXPECT_THAT(link->status().last_error, HasSubstr("a?fake: line"));
}

}  // namespace
}  // namespace fieldlink::test
