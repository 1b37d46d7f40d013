#include <gmock/gmock.h>

#include "daemon/uplink/holds.hpp"
#include "daemon/uplink/send_window.hpp"

namespace fieldlink {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;

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

TEST(Holds, BringBackTogetherWhatWasRefusedTogetherAndHoldNoneOfItByItself) {
    Holds holds;
    EXPECT_EQ(holds.refused_together("c", refusal("malformed_message"), kStart).delay, seconds(1));
    EXPECT_FALSE(holds.holds(0, "c", kStart));
    EXPECT_FALSE(holds.holds_everything(kStart));
    EXPECT_FALSE(holds.release(kStart + milliseconds(999)));
    EXPECT_EQ(holds.next_release(), kStart + seconds(1));
    EXPECT_TRUE(holds.release(kStart + seconds(1)));
    EXPECT_FALSE(holds.next_release());
}

TEST(Holds, TellAPersonOnceThatSharedPublishesAreRefusedUntilOneIsTaken) {
    const Refusal& why = refusal("malformed_message");
    Holds holds;
    EXPECT_TRUE(holds.refused_together("c", why, kStart).news);
    holds.release(kStart + seconds(1));
    EXPECT_FALSE(holds.refused_together("c", why, kStart + seconds(1)).news);
    holds.settled_together();
    holds.release(kStart + seconds(2));
    EXPECT_TRUE(holds.refused_together("c", why, kStart + seconds(2)).news);
}

TEST(Holds, HoldTheChannelOrEverythingWhenTheErrorIsAboutThat) {
    Holds holds;
    holds.refused_together("c", refusal("channel_not_authorized"), kStart);
    EXPECT_TRUE(holds.holds(7, "c", kStart));
    EXPECT_FALSE(holds.holds(7, "d", kStart));
    holds.refused_together("c", refusal("over_message_quota"), kStart);
    EXPECT_TRUE(holds.holds_everything(kStart));
}

}  // namespace
}  // namespace fieldlink
