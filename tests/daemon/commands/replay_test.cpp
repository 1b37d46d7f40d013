#include "dispatcher_fixture.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;
using test::DispatcherTest;

constexpr const char* kBySeq = R"({"type":"replay","id":"r","from_seq":400,"to_seq":412,"epoch":"9f1c2e7a"})";

TEST_F(DispatcherTest, ReplaysPieceByPieceAndTellsHowMuchItWas) {
    pieces_ = {{{500, false, 2, 20}, {}}, {{900, true, 1, 5}, {}}};
    EXPECT_EQ(result_of(kBySeq), R"({"id":"r","type":"replay","status":"done","value":{"messages":3,"readings":25}})");
    EXPECT_EQ(asked_from_, (std::vector<std::int64_t>{0, 500}));
    EXPECT_EQ(asked_for_.at(1).from_seq, 400);
    EXPECT_EQ(asked_for_[1].to_seq, 412);
    EXPECT_EQ(asked_for_[1].epoch, "9f1c2e7a");
    EXPECT_FALSE(asked_for_[1].since);
}

TEST_F(DispatcherTest, ReplaysASpanOfTime) {
    pieces_ = {{{1, true, 0, 0}, {}}};
    result_of(R"({"type":"replay","from_ts":1764000000000,"to_ts":1764000060000})");
    EXPECT_EQ(asked_for_.at(0).since, milliseconds(1764000000000));
    EXPECT_EQ(asked_for_[0].until, milliseconds(1764000060000));
    EXPECT_FALSE(asked_for_[0].epoch);
}

TEST_F(DispatcherTest, TellsHowFarAReplayCameThatTheOutboxCouldNotEnd) {
    pieces_ = {{{500, false, 2, 20}, {}}, {{}, "outbox.db: disk I/O error"}};
    EXPECT_EQ(result_of(kBySeq), R"({"id":"r","type":"replay","status":"failed","value":{"messages":2,"readings":20},)"
                                 R"("message":"outbox.db: disk I/O error"})");
}

TEST_F(DispatcherTest, ReplaysOneAtATimeAndForgetsThePieceOfOneThatWasGivenUp) {
    EXPECT_EQ(result_of(kBySeq), "none");
    EXPECT_NE(result_of(kBySeq).find("busy: another replay"), std::string::npos);
    results_.clear();
    dispatcher().give_up_all();
    ASSERT_EQ(results_.size(), 1u);
    EXPECT_NE(results_[0].find(R"("status":"failed")"), std::string::npos) << results_[0];
    piece_done_({{500, true, 2, 20}, {}});
    EXPECT_EQ(results_.size(), 1u);
}

TEST_F(DispatcherTest, ReplaysOnlyWhatIsPlainlyMeant) {
    for (const char* range :
         {R"()", R"("from_seq":1)", R"("to_seq":1)", R"("from_seq":5,"to_seq":4)", R"("from_seq":-1,"to_seq":4)",
          R"("from_seq":"1","to_seq":4)", R"("from_seq":1.5,"to_seq":4)", R"("from_seq":1,"to_seq":4,"epoch":7)",
          R"("from_seq":1,"to_seq":4,"epoch":"")", R"("from_ts":1)", R"("from_ts":1,"to_ts":null)",
          R"("from_seq":1,"to_seq":4,"from_ts":1,"to_ts":2)"}) {
        const std::string comma = *range ? "," : "";
        const std::string result = result_of(R"({"type":"replay")" + comma + range + "}");
        EXPECT_NE(result.find(R"("status":"rejected")"), std::string::npos) << range << result;
    }
    EXPECT_TRUE(asked_for_.empty());
}

TEST_F(DispatcherTest, ReplaysOnlyWhereThatIsAllowed) {
    config_.commands.allow = {"read"};
    EXPECT_NE(result_of(kBySeq).find("replay is not in commands.allow"), std::string::npos);
    EXPECT_TRUE(asked_for_.empty());
}

}  // namespace
}  // namespace fieldlink
