#include <gmock/gmock.h>

#include "daemon/uplink/coalescer.hpp"
#include "daemon/uplink/loners.hpp"
#include "daemon/uplink/publish_frame.hpp"

namespace fieldlink {
namespace {

using ::testing::ElementsAre;
using Join = Coalescer::Join;

StoredMessage message(std::int64_t seq, const std::string& channel = "a", Kind kind = Kind::event) {
    StoredMessage message;
    message.seq = seq;
    message.position = seq + 1000;
    message.gateway = "gw";
    message.epoch = "e1";
    message.channel = channel;
    message.kind = kind;
    message.body = "{}";
    return message;
}

Join anyone(const StoredMessage&) {
    return Join::yes;
}

std::vector<std::int64_t> seqs(const Coalescer& coalescer, const Coalescer::Plan& plan) {
    std::vector<std::int64_t> seqs;
    for (const std::size_t place : plan.places)
        seqs.push_back(coalescer.at(place).seq);
    return seqs;
}

/// The messages of the next publish, which are taken out.
std::vector<std::int64_t> next(Coalescer& coalescer, const Coalescer::Judge& judge = anyone) {
    const auto plan = coalescer.plan(65'536, judge);
    const auto found = seqs(coalescer, plan);
    coalescer.remove(plan.places);
    return found;
}

TEST(Coalescer, TakesWhatIsOnHandForTheChannelOfTheFirst) {
    Coalescer coalescer;
    coalescer.add(
        {message(1, "a"), message(2, "b"), message(3, "a"), message(4, "c"), message(5, "b"), message(6, "a")});
    EXPECT_THAT(next(coalescer), ElementsAre(1, 3, 6));
    EXPECT_THAT(next(coalescer), ElementsAre(2, 5));
    EXPECT_THAT(next(coalescer), ElementsAre(4));
    EXPECT_TRUE(coalescer.empty());
    EXPECT_EQ(coalescer.body_bytes(), 0u);
}

TEST(Coalescer, LeavesTheRestInItsOrder) {
    Coalescer coalescer;
    for (std::int64_t seq = 1; seq <= 8; ++seq)
        coalescer.add({message(seq)});
    coalescer.remove({0, 2, 3, 6});
    EXPECT_EQ(coalescer.body_bytes(), 8u);
    EXPECT_THAT(next(coalescer), ElementsAre(2, 5, 6, 8));
}

TEST(Coalescer, EndsWithTheOneThatWouldNotFit) {
    Coalescer coalescer;
    coalescer.add({message(1), message(2), message(3)});
    coalescer.add({message(4)});
    const auto all = coalescer.plan(65'536, anyone);
    EXPECT_THAT(seqs(coalescer, coalescer.plan(all.bytes, anyone)), ElementsAre(1, 2, 3, 4));
    EXPECT_THAT(seqs(coalescer, coalescer.plan(all.bytes - 1, anyone)), ElementsAre(1, 2, 3));
    EXPECT_THAT(seqs(coalescer, coalescer.plan(0, anyone)), ElementsAre(1));
}

TEST(Coalescer, PassesNoSmallerOneBeforeTheOneThatWouldNotFit) {
    Coalescer coalescer;
    StoredMessage big = message(2);
    big.body.assign(70'000, 'x');
    coalescer.add({message(1), big, message(3)});
    EXPECT_THAT(next(coalescer), ElementsAre(1));
    EXPECT_THAT(next(coalescer), ElementsAre(2));
}

TEST(Coalescer, AsksTheJudgeWhoMayJoin) {
    Coalescer coalescer;
    coalescer.add({message(1), message(2), message(3), message(4), message(5)});
    const auto judge = [](const StoredMessage& message) {
        if (message.seq == 2) return Join::pass_over;
        return message.seq == 4 ? Join::stop : Join::yes;
    };
    EXPECT_THAT(next(coalescer, judge), ElementsAre(1, 3));
    EXPECT_THAT(next(coalescer), ElementsAre(2, 4, 5));
}

TEST(Coalescer, LetsNothingPassAGapRecordOrAResultOfAnotherChannelButTheirLikes) {
    Coalescer coalescer;
    coalescer.add({message(1, "a", Kind::gap), message(2, "b", Kind::result), message(3, "a", Kind::gap),
                   message(4, "a"), message(5, "b", Kind::result), message(6, "b")});
    EXPECT_THAT(next(coalescer), ElementsAre(1, 3));
    EXPECT_THAT(next(coalescer), ElementsAre(2, 5, 6));
    EXPECT_THAT(next(coalescer), ElementsAre(4));
}

TEST(Coalescer, LooksNoFurtherThanItSays) {
    Coalescer coalescer;
    coalescer.add({message(1)});
    for (std::size_t i = 2; i < Coalescer::kLookAhead; ++i)
        coalescer.add({message(0, "b")});
    coalescer.add({message(2), message(3)});
    EXPECT_THAT(next(coalescer), ElementsAre(1, 2));
}

TEST(PublishFrame, LeavesASingleMessagePlain) {
    PublishFrame frame("a", 7, 65'536, 100, std::chrono::milliseconds(0));
    ASSERT_TRUE(frame.add(message(1)));
    const std::size_t size = frame.size();
    const std::string text = frame.finish();
    EXPECT_EQ(text, R"({"type":"publish","channel":"a","data":{"messageId":"gw:e1:1","seq":1,"ts":0,"event":{}},)"
                    R"("requestId":"7"})");
    EXPECT_EQ(size, text.size());
}

TEST(PublishFrame, PutsSeveralIntoAnEnvelope) {
    PublishFrame frame("a", 7, 65'536, 100, std::chrono::milliseconds(0));
    ASSERT_TRUE(frame.add(message(1)));
    ASSERT_TRUE(frame.add(message(2)));
    const std::size_t size = frame.size();
    const std::string text = frame.finish();
    EXPECT_EQ(text, R"({"type":"publish","channel":"a","data":{"messages":[)"
                    R"({"messageId":"gw:e1:1","seq":1,"ts":0,"event":{}},)"
                    R"({"messageId":"gw:e1:2","seq":2,"ts":0,"event":{}}]},"requestId":"7"})");
    EXPECT_EQ(size, text.size());
}

TEST(PublishFrame, IsFilledToTheLastByteAndNotOneFurther) {
    PublishFrame measured("a", 7, 65'536, 0, std::chrono::milliseconds(0));
    for (std::int64_t seq = 1; seq <= 3; ++seq)
        measured.add(message(seq));
    const std::size_t exact = measured.size();

    PublishFrame fits("a", 7, exact, 0, std::chrono::milliseconds(0)),
        too_big("a", 7, exact - 1, 0, std::chrono::milliseconds(0));
    for (std::int64_t seq = 1; seq <= 3; ++seq) {
        EXPECT_TRUE(fits.add(message(seq)));
        EXPECT_EQ(too_big.add(message(seq)), seq < 3);
    }
    EXPECT_EQ(fits.finish().size(), exact);
    const std::string two = too_big.finish();
    EXPECT_THAT(two, ::testing::EndsWith(R"("event":{}}]},"requestId":"7"})"));
    EXPECT_LT(two.size(), exact);
}

TEST(PublishFrame, StaysPlainWhenTheSecondDoesNotFitAndTakesTheFirstInAnyCase) {
    PublishFrame frame("a", 7, 10, 0, std::chrono::milliseconds(0));
    EXPECT_TRUE(frame.add(message(1)));
    EXPECT_FALSE(frame.add(message(2)));
    EXPECT_THAT(frame.finish(), ::testing::HasSubstr(R"("data":{"messageId":"gw:e1:1")"));
}

TEST(Loners, StayAloneUntilTheyWereAcked) {
    Loners loners;
    loners.add({1, 2});
    loners.acked(1);
    EXPECT_FALSE(loners.has(1));
    EXPECT_TRUE(loners.has(2));
    EXPECT_FALSE(loners.has(3));
    loners.forget();
    EXPECT_FALSE(loners.has(2));
}

TEST(Loners, AreEveryoneWhenTheyAreTooManyToKeep) {
    Loners loners;
    for (std::size_t position = 0; position < Loners::kMost; ++position)
        loners.add({static_cast<std::int64_t>(position)});
    EXPECT_TRUE(loners.has(-1));
    loners.acked(0);
    EXPECT_FALSE(loners.has(-1));
}

}  // namespace
}  // namespace fieldlink
