#include "dispatcher_fixture.hpp"

namespace fieldlink {
namespace {

using test::DispatcherTest;

TEST_F(DispatcherTest, TakesDirectFramesOnlyWhereTheyAreAllowedAndFromWhomItKnows) {
    const auto direct = [this](const std::string& from) {
        results_.clear();
        dispatcher().handle_direct(R"({"type":"ping"})", from);
        return results_.size();
    };
    EXPECT_EQ(direct("ops-1"), 0u);
    config_.commands.direct = true;
    EXPECT_EQ(direct("ops-1"), 0u) << "without commands.from, nobody is known";
    config_.commands.from = {"ops-*"};
    EXPECT_EQ(direct("stranger"), 0u);
    EXPECT_EQ(direct("ops-1"), 1u);
    EXPECT_EQ(dispatcher().ignored_direct(), 3u);
    EXPECT_EQ(dispatcher().ignored(), 0u);
}

TEST_F(DispatcherTest, AnswersAPersonHereAndNotTheChannel) {
    config_.commands.allow = {};
    config_.commands.from = {"ops-*"};
    EXPECT_EQ(local(R"({"type":"write","sensor":"boiler","point":"setpoint","value":60})"),
              R"({"type":"write","status":"done","value":60})");
    EXPECT_NE(local(R"({"type":"write","sensor":"boiler","point":"setpoint","value":91})").find("above max 90"),
              std::string::npos);
    EXPECT_NE(local("[]").find("a command is a JSON object"), std::string::npos);
    EXPECT_EQ(commands_.size(), 1u);
    EXPECT_TRUE(results_.empty());
}

TEST_F(DispatcherTest, GivesAPersonHereARateOfHisOwn) {
    config_.commands.rate_per_second = 0.001;
    config_.commands.rate_burst = 2;
    for (int i = 0; i < 3; ++i)
        result_of(R"({"type":"ping"})");
    EXPECT_EQ(local(R"({"type":"ping"})"), R"({"type":"ping","status":"done"})");
    EXPECT_EQ(local(R"({"type":"ping"})"), R"({"type":"ping","status":"done"})");
    EXPECT_NE(local(R"({"type":"ping"})").find("busy"), std::string::npos);
}

}  // namespace
}  // namespace fieldlink
