// Two links, one that publishes and one that takes commands.
#include <gmock/gmock.h>

#include "link_fixture.hpp"

namespace fieldlink::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SplitTest : public LinkTest {
protected:
    SplitTest() { commands_world.emplace(UplinkCore::World{commands_clock, commands_cloud, commands_credentials}); }
    ~SplitTest() override { link.reset(); }  // before what it uses

    VirtualLoop::Clock commands_clock{loop};
    ScriptedCloud commands_cloud{loop};
    FakeCredentials commands_credentials{loop};
};

TEST_F(SplitTest, PublishesOnOneAndSubscribesOnTheOther) {
    outbox.owe(1);
    expect_connection();
    cloud.expect_publish("gw:e1:1").ack();
    commands_cloud.expect_connect().welcome();
    commands_cloud.expect_subscribe("fleet/gw/cmd")
        .ack()
        .say(R"({"type":"message","channel":"fleet/gw/cmd","from":"ops","data":{"type":"ping"}})");

    run();

    EXPECT_TRUE(commands_cloud.script_used_up());
    EXPECT_THAT(outbox.commands, ElementsAre(R"(ops: {"type":"ping"})"));
    EXPECT_THAT(outbox.owed(), ElementsAre());
    EXPECT_EQ(link->status().state, UplinkState::connected);
    ASSERT_TRUE(link->status().commands);
    EXPECT_EQ(link->status().commands->state, UplinkState::connected);
}

TEST_F(SplitTest, KeepsPublishingWhileTheOtherLinkIsDown) {
    expect_connection();
    commands_cloud.expect_connect().close(4001);
    run();
    loop.pass(seconds(5));
    cloud.expect_publish("gw:e1:1").ack();
    outbox.owe(1);
    link->more_is_owed();
    run_script();

    EXPECT_EQ(link->status().state, UplinkState::connected);
    EXPECT_EQ(link->status().commands->state, UplinkState::waiting);
    EXPECT_THAT(link->status().commands->last_error, HasSubstr("token"));
}

TEST_F(SplitTest, CountsTheConnectsOfBothAgainstTheSameLimit) {
    config.uplink.reconnect.per_minute = 4;
    for (int i = 0; i < 10; ++i) {
        cloud.expect_connect().drop_connection();
        commands_cloud.expect_connect().drop_connection();
    }
    expect_connection();
    commands_cloud.expect_connect().welcome();
    commands_cloud.expect_subscribe("fleet/gw/cmd").ack();

    run();
    loop.pass(minutes(10));

    auto connects = cloud.connects;
    connects.insert(connects.end(), commands_cloud.connects.begin(), commands_cloud.connects.end());
    std::sort(connects.begin(), connects.end());
    ASSERT_EQ(connects.size(), 22u);
    for (std::size_t i = 4; i < connects.size(); ++i)
        EXPECT_GE(connects[i] - connects[i - 4], minutes(1)) << i;
}

TEST_F(SplitTest, KeepsToOneConnectAMinuteFromTheBeginning) {
    config.uplink.reconnect.per_minute = 1;
    expect_connection();
    commands_cloud.expect_connect().welcome();
    commands_cloud.expect_subscribe("fleet/gw/cmd").ack();

    run();
    loop.pass(minutes(5));

    EXPECT_TRUE(commands_cloud.script_used_up());
    ASSERT_EQ(commands_cloud.connects.size(), 1u);
    EXPECT_GE(commands_cloud.connects[0] - cloud.connects[0], minutes(1));
}

TEST_F(SplitTest, SettlesWhatIsConfirmedWhileTheLinkThatPublishesIsDown) {
    config.uplink.confirm = Confirm::receipt;
    outbox.owe(1);
    expect_connection();
    cloud.expect_publish("gw:e1:1").ack().drop_connection();
    cloud.expect_connect().refuse(503);
    commands_cloud.expect_connect().welcome();
    commands_cloud.expect_subscribe("fleet/gw/cmd").ack();
    run();
    link->receipt({"e1", {{1, 1}}});
    cloud.expect_connect().refuse(503);
    run_script();

    EXPECT_THAT(outbox.owed(), ElementsAre());
}

TEST_F(SplitTest, IsStoppedWhenBothLinksAre) {
    expect_connection();
    commands_cloud.expect_connect().welcome();
    commands_cloud.expect_subscribe("fleet/gw/cmd").ack();
    run();
    loop.pass(seconds(1));
    cloud.expect_close(1000).close(1000);
    commands_cloud.expect_close(1000).close(1000);
    int told = 0;
    link->stop(seconds(2), [&told] { ++told; });
    loop.pass(seconds(5));

    EXPECT_EQ(told, 1);
    EXPECT_TRUE(cloud.script_used_up());
    EXPECT_TRUE(commands_cloud.script_used_up());
}

}  // namespace
}  // namespace fieldlink::test
