#include "dispatcher_fixture.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;
using test::DispatcherTest;

TEST_F(DispatcherTest, AnswersAPing) {
    EXPECT_EQ(result_of(R"({"type":"ping","id":"c-1"})"), R"({"id":"c-1","type":"ping","status":"done"})");
}

TEST_F(DispatcherTest, HandsOnReceiptsWithoutAResultAndWhateverTheRate) {
    config_.uplink.confirm = Confirm::receipt;
    config_.commands.from = {"backend"};
    config_.commands.rate_burst = 1;
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(result_of(R"({"type":"receipt","epoch":"e","seqs":[[400,412]]})"), "none");
    EXPECT_EQ(receipts_.size(), 5u);
    EXPECT_NE(result_of(R"({"type":"ping","id":"c-1"})"), "none");
    dispatcher().handle(R"({"type":"receipt","epoch":"e","seqs":[[1,2]]})", "stranger");
    EXPECT_EQ(receipts_.size(), 5u);
    EXPECT_EQ(dispatcher().receipts().ignored(), 1u);
}

TEST_F(DispatcherTest, WritesAPointAndTellsWhatTheDeviceThenHolds) {
    EXPECT_EQ(result_of(R"({"type":"write","id":"c-17","sensor":"boiler","point":"setpoint","value":60})"),
              R"({"id":"c-17","type":"write","status":"done","value":60})");
    ASSERT_EQ(commands_.size(), 1u);
    EXPECT_EQ(commands_[0].writes[0].point, 1u);
    EXPECT_EQ(commands_[0].writes[0].value.as.s64, 600);
}

TEST_F(DispatcherTest, WritesSeveralPointsAllOrNothing) {
    EXPECT_EQ(result_of(R"({"type":"write","sensor":"boiler","values":{"pump":true,"setpoint":60}})"),
              R"({"type":"write","status":"done","values":{"setpoint":60}})");
    EXPECT_EQ(commands_[0].points, (std::vector<std::uint32_t>{1, 2}));
    commands_.clear();
    EXPECT_EQ(result_of(R"({"type":"write","sensor":"boiler","values":{"pump":true,"setpoint":91}})"),
              R"({"type":"write","status":"rejected","message":"setpoint: 91 is above max 90"})");
    EXPECT_TRUE(commands_.empty());
}

TEST_F(DispatcherTest, ReadsASensorOrAPoint) {
    EXPECT_EQ(result_of(R"({"type":"read","sensor":"boiler","point":"setpoint"})"),
              R"({"type":"read","status":"done","value":60})");
    EXPECT_EQ(result_of(R"({"type":"read","sensor":"boiler"})"),
              R"({"type":"read","status":"done","value":{"setpoint":60}})");
    EXPECT_EQ(commands_[1].points.size(), 3u);
}

TEST_F(DispatcherTest, PollsAWholeSensor) {
    answer_ = {};
    EXPECT_EQ(result_of(R"({"type":"poll","id":"p","sensor":"boiler"})"),
              R"({"id":"p","type":"poll","status":"done"})");
    ASSERT_EQ(commands_.size(), 1u);
    EXPECT_EQ(commands_[0].kind, BusCommand::Kind::poll);
    EXPECT_NE(result_of(R"({"type":"poll","sensor":"boiler","point":"pump"})").find("leave point out"),
              std::string::npos);
    config_.commands.allow = {"read"};
    EXPECT_NE(result_of(R"({"type":"poll","sensor":"boiler"})").find("commands.allow"), std::string::npos);
    EXPECT_EQ(commands_.size(), 1u);
}

struct Refused {
    const char* command;
    const char* why;
};

class DispatcherRefuses : public DispatcherTest, public testing::WithParamInterface<Refused> {};

TEST_P(DispatcherRefuses, WhatItCannotCarryOut) {
    const std::string result = result_of(GetParam().command);
    EXPECT_NE(result.find(R"("status":"rejected")"), std::string::npos) << result;
    EXPECT_NE(result.find(GetParam().why), std::string::npos) << result;
    EXPECT_TRUE(commands_.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Each, DispatcherRefuses,
    testing::Values(
        Refused{R"({"type":"reboot"})", "not supported yet"}, Refused{R"({"type":"calibrate"})", "not supported"},
        Refused{R"({"type":"dance"})", "unknown type"}, Refused{R"({"type":"read"})", "sensor is missing"},
        Refused{R"({"type":"read","sensor":"x"})", "no sensor x"},
        Refused{R"({"type":"read","sensor":"boiler","point":"x"})", "no point x"},
        Refused{R"({"type":"read","sensor":7})", "sensor must be a string"},
        Refused{R"({"type":"write","sensor":"boiler","point":"setpoint"})", "value is missing"},
        Refused{R"({"type":"write","sensor":"boiler","value":1})", "point is missing"},
        Refused{R"({"type":"write","sensor":"boiler","point":"temperature","value":1})", "not writable"},
        Refused{R"({"type":"write","sensor":"boiler","point":"setpoint","value":4.9})", "below min 5"},
        Refused{R"({"type":"write","sensor":"boiler","point":"setpoint","value":"warm"})", "must be a number"},
        Refused{R"({"type":"write","sensor":"boiler","point":"setpoint","value":null})", "must be a number"},
        Refused{R"({"type":"write","sensor":"boiler","values":{"pump":true,"pump":false}})", "named twice"},
        Refused{R"({"type":"write","sensor":"boiler","values":[1]})", "must be an object"},
        Refused{R"({"type":"write","sensor":"boiler","point":"pump","value":true,"values":{}})", "either"},
        Refused{R"({"type":"ping","id":""})", "id must be a string"},
        Refused{R"({"type":"ping","id":5})", "id must be a string"},
        Refused{R"({"type":"ping","expires":"soon"})", "expires must be a number"}));

TEST_F(DispatcherTest, OnlyCountsWhatIsNoCommand) {
    for (const char* none : {"7", "null", "[]", "{}", R"({"type":7})", "{", ""})
        EXPECT_EQ(result_of(none), "none") << none;
    EXPECT_EQ(dispatcher().ignored(), 7u);
}

TEST_F(DispatcherTest, RefusesATypeThatIsNotAllowed) {
    config_.commands.allow = {"read"};
    EXPECT_NE(result_of(R"({"type":"write","sensor":"boiler","point":"pump","value":true})").find("commands.allow"),
              std::string::npos);
    EXPECT_TRUE(commands_.empty());
}

TEST_F(DispatcherTest, RefusesAStranger) {
    config_.commands.from = {"ops-*"};
    EXPECT_NE(result_of(R"({"type":"ping"})", "backend").find("rejected"), std::string::npos);
    EXPECT_NE(result_of(R"({"type":"ping"})", "ops-1").find("done"), std::string::npos);
}

TEST_F(DispatcherTest, JudgesExpiryByTheTrueTime) {
    set_time(milliseconds(5'000'000));
    EXPECT_EQ(result_of(R"({"type":"ping","expires":4999000})"), R"({"type":"ping","status":"expired"})");
    EXPECT_EQ(result_of(R"({"type":"ping","expires":5060000})"), R"({"type":"ping","status":"done"})");
}

TEST_F(DispatcherTest, TellsTheBusByWhenACommandExpires) {
    set_time(milliseconds(5'000'000));
    result_of(R"({"type":"read","sensor":"boiler","expires":5005000})");
    ASSERT_TRUE(commands_.at(0).expires);
    const auto left = *commands_[0].expires - now().boot;
    EXPECT_GT(left, milliseconds(0));
    EXPECT_LE(left, milliseconds(5'000));
}

TEST_F(DispatcherTest, RejectsWhatExpiresWhileItDoesNotKnowTheTime) {
    offset_.reset();
    const std::string result =
        result_of(R"({"type":"write","sensor":"boiler","point":"pump","value":true,"expires":1})");
    EXPECT_NE(result.find(R"("status":"rejected","message":"the true time is not known here)"), std::string::npos)
        << result;
    EXPECT_TRUE(commands_.empty());
    EXPECT_EQ(result_of(R"({"type":"ping"})"), R"({"type":"ping","status":"done"})");
    set_time(milliseconds(5'000'000));
    EXPECT_EQ(result_of(R"({"type":"ping","expires":5060000})"), R"({"type":"ping","status":"done"})");
}

TEST_F(DispatcherTest, LetsNoCommandBeginAfterItsSenderWasToldThatItFailed) {
    result_of(R"({"type":"read","sensor":"boiler"})");
    ASSERT_TRUE(commands_.at(0).expires);
    EXPECT_LE(*commands_[0].expires, now().boot + milliseconds(10'000));
}

TEST_F(DispatcherTest, EndsWhatIsPendingWithOneResultWhenItGivesUp) {
    silent_ = true;
    result_of(R"({"type":"read","id":"r","sensor":"boiler"})");
    dispatcher().give_up_all();
    ASSERT_EQ(results_.size(), 1u);
    EXPECT_NE(results_[0].find(R"("status":"failed")"), std::string::npos);
    answered_(answer_);
    dispatcher().give_up_all();
    EXPECT_EQ(results_.size(), 1u);
}

TEST_F(DispatcherTest, IsBusyWhenABusHasSixteenCommandsWaiting) {
    silent_ = true;
    for (int i = 0; i < 16; ++i)
        EXPECT_EQ(result_of(R"({"type":"read","sensor":"boiler"})"), "none");
    EXPECT_NE(result_of(R"({"type":"read","sensor":"boiler"})").find("busy"), std::string::npos);
    EXPECT_EQ(commands_.size(), 16u);
}

TEST_F(DispatcherTest, GivesNoResultToWhatComesFasterThanTheRate) {
    config_.commands.rate_per_second = 0.001;
    config_.commands.rate_burst = 3;
    for (int i = 0; i < 3; ++i)
        EXPECT_NE(result_of(R"({"type":"ping"})"), "none");
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(result_of(R"({"type":"ping"})"), "none");
}

TEST(CommandRate, LetsABurstThroughAndThenTheRate) {
    const CommandRate::Instant start{std::chrono::hours(1)};
    CommandRate rate(10, 5);
    int taken = 0;
    for (int ms = 0; ms < 1'000; ++ms)
        taken += rate.allow(start + milliseconds(ms)) ? 1 : 0;
    EXPECT_GE(taken, 14);
    EXPECT_LE(taken, 15);
    EXPECT_EQ(rate.take_refused(), static_cast<std::uint64_t>(1'000 - taken));
    EXPECT_EQ(rate.take_refused(), 0u);
}

TEST_F(DispatcherTest, PassesOnWhyTheDeviceFailed) {
    answer_ = {BusAnswer::Status::failed, {}, {}, "unit 3: no answer in 500 ms"};
    EXPECT_EQ(result_of(R"({"type":"read","id":"r","sensor":"boiler"})"),
              R"({"id":"r","type":"read","status":"failed","message":"unit 3: no answer in 500 ms"})");
}

}  // namespace
}  // namespace fieldlink
