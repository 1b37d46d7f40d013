#include <gmock/gmock.h>

#include "daemon/uplink/holds.hpp"
#include "daemon/uplink/send_window.hpp"

namespace fieldlink {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const Instant kStart = Instant() + std::chrono::hours(1);

TEST(SendWindow, AnswersEachRequestOnce) {
    SendWindow window;
    window.add({1, {418}, "c", 100}, kStart);
    window.add({2, {419, 420}, "c", 100}, kStart);
    const auto flight = window.take(2, kStart);
    ASSERT_TRUE(flight);
    EXPECT_THAT(flight->positions, ElementsAre(419, 420));
    EXPECT_FALSE(window.take(2, kStart));
    EXPECT_FALSE(window.take(99, kStart));
    EXPECT_EQ(window.messages(), 1u);
    EXPECT_EQ(window.bytes(), 100u);
}

TEST(SendWindow, LetsASingleMessageThroughHoweverBig) {
    SendWindow window;
    EXPECT_TRUE(window.has_room(2 * SendWindow::kMaxBytes));
    window.add({1, {1}, "c", 2 * SendWindow::kMaxBytes}, kStart);
    EXPECT_FALSE(window.has_room(1));
}

TEST(SendWindow, CountsPublishesHoweverManyMessagesTheyCarry) {
    SendWindow window;
    for (std::uint64_t request = 1; request < SendWindow::kMaxPublishes; ++request)
        window.add({request, {1, 2, 3}, "c", 10}, kStart);
    EXPECT_TRUE(window.has_room(10));
    window.add({SendWindow::kMaxPublishes, {1, 2, 3}, "c", 10}, kStart);
    EXPECT_FALSE(window.has_room(10));
    EXPECT_EQ(window.messages(), 3 * SendWindow::kMaxPublishes);
    EXPECT_EQ(window.room(), SendWindow::kMaxBytes - 10 * SendWindow::kMaxPublishes);
}

TEST(SendWindow, HoldsAgainstAMessageOnlyThatItArrivedAndWasNotAnswered) {
    SendWindow window;
    window.add({1, {1, 2}, "c", 10}, kStart);
    window.observe(0, kStart);
    window.add({2, {3}, "c", 10}, kStart);
    window.observe(10, kStart);  // the second one never leaves
    EXPECT_THAT(window.late_positions(kStart + SendWindow::kLate - milliseconds(1)), ElementsAre());
    EXPECT_THAT(window.late_positions(kStart + SendWindow::kLate), ElementsAre(1, 2));
}

TEST(SendWindow, FindsTheOneAckThatIsMissingAmongMany) {
    SendWindow window;
    window.add({1, {1}, "c", 10}, kStart);
    for (std::uint64_t request = 2; request < 40; ++request) {
        const Instant now = kStart + seconds(request);
        window.add({request, {static_cast<std::int64_t>(request)}, "c", 10}, now);
        window.observe(request, now);  // something is on its way all the time
        window.take(request, now);
    }
    EXPECT_EQ(window.late_at(), kStart + seconds(2) + SendWindow::kLate);
}

const std::vector<std::int64_t> kThree{7, 8, 9};

TEST(Holds, BringBackTogetherWhatWasRefusedTogetherAndHoldNoneOfItByItself) {
    Holds holds;
    EXPECT_EQ(holds.refused_together(kThree, "c", refusal("malformed_message"), kStart).delay, seconds(1));
    EXPECT_FALSE(holds.holds(7, "c", kStart));
    EXPECT_FALSE(holds.holds_everything(kStart));
    EXPECT_THAT(holds.release(kStart + milliseconds(999)), IsEmpty());
    EXPECT_EQ(holds.next_release(), kStart + seconds(1));
    EXPECT_EQ(holds.release(kStart + seconds(1)), kThree);
    EXPECT_FALSE(holds.next_release());
}

TEST(Holds, TellAPersonOnceThatSharedPublishesAreRefusedUntilOneIsTaken) {
    const Refusal& why = refusal("malformed_message");
    Holds holds;
    EXPECT_TRUE(holds.refused_together(kThree, "c", why, kStart).news);
    holds.release(kStart + seconds(1));
    EXPECT_FALSE(holds.refused_together(kThree, "c", why, kStart + seconds(1)).news);
    holds.settled_together();
    holds.release(kStart + seconds(2));
    EXPECT_TRUE(holds.refused_together(kThree, "c", why, kStart + seconds(2)).news);
}

TEST(Holds, HoldTheChannelOrEverythingWhenTheErrorIsAboutThat) {
    Holds holds;
    holds.refused_together(kThree, "c", refusal("channel_not_authorized"), kStart);
    EXPECT_TRUE(holds.holds(7, "c", kStart));
    EXPECT_FALSE(holds.holds(7, "d", kStart));
    holds.refused_together(kThree, "c", refusal("over_message_quota"), kStart);
    EXPECT_TRUE(holds.holds_everything(kStart));
}

TEST(Holds, GiveBackOnlyWhatWasSetAsideAndEachOnce) {
    Holds holds;
    holds.refused(1, "c", refusal("something new"), kStart);
    EXPECT_THAT(holds.release(kStart + seconds(2)), IsEmpty()) << "it was never set aside";
    holds.refused(2, "c", refusal("something new"), kStart + seconds(2));
    holds.set_aside(2, "c", kStart + seconds(2));
    EXPECT_THAT(holds.release(kStart + seconds(2)), IsEmpty());
    EXPECT_THAT(holds.release(kStart + seconds(3)), ElementsAre(2));
    EXPECT_THAT(holds.release(kStart + seconds(9)), IsEmpty());
}

TEST(Holds, TryAHeldChannelWithOnePublishAndReleaseTheRestOnceThatWasTaken) {
    Holds holds;
    const Instant due = kStart + seconds(60);
    holds.refused(1, "c", refusal("channel_not_authorized"), kStart);
    for (std::int64_t position = 1; position <= 40; ++position)
        holds.set_aside(position, "c", kStart);
    EXPECT_EQ(holds.release(due).size(), Holds::kToTry);
    EXPECT_FALSE(holds.holds(1, "c", due));
    holds.sent("c");
    EXPECT_TRUE(holds.holds(2, "c", due)) << "one is tried at a time";
    EXPECT_FALSE(holds.holds(2, "d", due));
    EXPECT_TRUE(holds.settled(1, "c"));
    EXPECT_FALSE(holds.holds(2, "c", due));
    EXPECT_EQ(holds.release(due).size(), 40 - Holds::kToTry);
}

TEST(Holds, TryAChannelAgainWhoseTrialShowedNothing) {
    Holds holds;
    const Instant due = kStart + seconds(60);
    holds.refused(1, "c", refusal("channel_not_authorized"), kStart);
    holds.sent("c");
    holds.set_aside(2, "c", due);
    holds.refused(3, "c", refusal("malformed_message"), due);
    EXPECT_FALSE(holds.holds(2, "c", due));
    EXPECT_THAT(holds.release(due), ElementsAre(2));
}

TEST(Holds, ReleaseMoreOfAChannelIfThoseToTryItWithDoNotCome) {
    Holds holds;
    holds.refused(1, "c", refusal("channel_not_authorized"), kStart);
    for (std::int64_t position = 1; position <= 20; ++position)
        holds.set_aside(position, "c", kStart);
    EXPECT_EQ(holds.release(kStart + seconds(60)).size(), 16u);
    EXPECT_EQ(holds.next_release(), kStart + seconds(120));
    EXPECT_EQ(holds.release(kStart + seconds(120)).size(), 4u);
}

TEST(Holds, GiveBackAllWhenTheConnectionEndsAndGoOnHolding) {
    Holds holds;
    holds.refused(1, "c", refusal("channel_not_authorized"), kStart);
    holds.set_aside(1, "c", kStart);
    holds.refused_together({5, 6}, "d", refusal("malformed_message"), kStart);
    EXPECT_THAT(holds.disconnected(), UnorderedElementsAre(1, 5, 6));
    EXPECT_TRUE(holds.holds(1, "c", kStart));
    EXPECT_THAT(holds.release(kStart + std::chrono::hours(1)), IsEmpty());
}

TEST(Holds, AreFullWithAsManySetAsideAsTheySay) {
    Holds holds;
    holds.refused(0, "c", refusal("channel_not_authorized"), kStart);
    for (std::size_t i = 0; i < Holds::kMaxAside; ++i) {
        EXPECT_FALSE(holds.is_full());
        holds.set_aside(static_cast<std::int64_t>(i), "c", kStart);
    }
    EXPECT_TRUE(holds.is_full());
    holds.release(kStart + seconds(60));
    EXPECT_FALSE(holds.is_full());
}

}  // namespace
}  // namespace fieldlink
