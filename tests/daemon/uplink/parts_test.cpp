#include "daemon/uplink/parts.hpp"

#include <gmock/gmock.h>

#include "storage/records.hpp"

namespace fieldlink {
namespace {

using ::testing::ElementsAre;

constexpr std::size_t kAny = 1'000'000;

StoredMessage message_of(std::uint32_t readings, std::size_t bytes = 1000, std::int64_t position = 7) {
    StoredMessage message;
    message.position = position;
    message.gateway = "gw";
    message.epoch = "9f1c2e7a";
    message.channel = "c";
    message.readings = readings;
    begin_body(message.body, std::chrono::milliseconds(0));
    for (std::uint32_t i = 0; i < readings; ++i)
        append_record(message.body, std::chrono::milliseconds(0), "s" + std::to_string(i), std::string(bytes, 'x'));
    return message;
}

/// All parts that are to be sent, as first-last; each counts as sent.
std::vector<std::string> send_all(Parts& parts, const StoredMessage& message, std::size_t limit) {
    std::vector<std::string> all;
    while (const auto part = parts.next(message, limit)) {
        parts.sent(message.position, *part);
        all.push_back(std::to_string(part->first) + '-' + std::to_string(part->first + part->count - 1));
    }
    parts.left(message.position);
    return all;
}

TEST(Parts, HalveRangesUntilEachFits) {
    const auto message = message_of(8);
    Parts parts;
    ASSERT_TRUE(parts.begin(message));
    EXPECT_THAT(send_all(parts, message, 3'000), ElementsAre("0-1", "2-3", "4-5", "6-7"));
}

TEST(Parts, HaveTheSameBoundariesInAnotherRunOfTheDaemon) {
    const auto message = message_of(100);
    Parts before, after;
    before.begin(message);
    after.begin(message);
    EXPECT_EQ(send_all(before, message, 7'777), send_all(after, message, 7'777));
}

TEST(Parts, OnlySubdivideUnderALowerLimitAndDoNotGrowUnderAHigherOne) {
    const auto message = message_of(8);
    Parts parts;
    parts.begin(message);
    EXPECT_THAT(send_all(parts, message, 5'000), ElementsAre("0-3", "4-7"));
    parts.acked(7, {0, 4, 8});
    parts.disconnected();
    EXPECT_THAT(send_all(parts, message, 3'000), ElementsAre("4-5", "6-7"));
    parts.disconnected();
    EXPECT_THAT(send_all(parts, message, kAny), ElementsAre("4-5", "6-7"));
}

TEST(Parts, AreCompleteWhenAcksCoverAllReadings) {
    const auto message = message_of(4);
    Parts parts;
    parts.begin(message);
    send_all(parts, message, 3'000);
    EXPECT_FALSE(parts.is_complete(7));
    parts.acked(7, {0, 2, 4});
    EXPECT_FALSE(parts.is_complete(7));
    parts.acked(7, {2, 2, 4});
    EXPECT_TRUE(parts.is_complete(7));
    EXPECT_FALSE(parts.loss(7));
}

TEST(Parts, AreNotCompleteWhileTheMessageIsOnHand) {
    const auto message = message_of(1);
    Parts parts;
    parts.begin(message);
    const auto part = parts.next(message, 3'000);
    parts.sent(7, *part);
    parts.acked(7, *part);
    EXPECT_FALSE(parts.is_complete(7));
    parts.left(7);
    EXPECT_TRUE(parts.is_complete(7));
}

TEST(Parts, SendOnlyWhatWasRefusedAgain) {
    const auto message = message_of(8);
    Parts parts;
    parts.begin(message);
    send_all(parts, message, 3'000);
    parts.refused(7, {2, 2, 8});
    EXPECT_THAT(send_all(parts, message, 3'000), ElementsAre("2-3"));
}

TEST(Parts, SendARefusedOneAgainThoughTheMessageIsStillOnHand) {
    const auto message = message_of(8);
    Parts parts;
    parts.begin(message);
    const auto first = parts.next(message, 3'000);
    parts.sent(7, *first);
    parts.next(message, 3'000);
    parts.refused(7, *first);
    EXPECT_EQ(parts.next(message, 3'000), first);
}

TEST(Parts, TellWhatIsLostAndOfWhom) {
    const auto message = message_of(4);
    Parts parts;
    parts.begin(message);
    parts.next(message, 100);
    parts.lost(7, {0, 1, 4});
    EXPECT_THAT(send_all(parts, message, 100), ElementsAre("1-1", "2-2", "3-3"));
    for (std::uint32_t i = 1; i < 4; ++i)
        parts.acked(7, {i, 1, 4});
    ASSERT_TRUE(parts.is_complete(7));
    const auto loss = parts.loss(7);
    ASSERT_TRUE(loss);
    EXPECT_EQ(loss->readings, 1u);
    EXPECT_THAT(loss->sensors, ElementsAre("s0"));
    EXPECT_FALSE(loss->whole);
}

TEST(Parts, TellThatAllIsLost) {
    const auto message = message_of(2);
    Parts parts;
    parts.begin(message);
    parts.next(message, 100);
    parts.lost(7, {0, 1, 2});
    parts.lost(7, {1, 1, 2});
    EXPECT_TRUE(parts.loss(7)->whole);
}

TEST(Parts, AreAllSentOnceMoreSaveWhatIsLost) {
    const auto message = message_of(4);
    Parts parts;
    parts.begin(message);
    parts.next(message, 100);
    parts.lost(7, {0, 1, 4});
    send_all(parts, message, 100);
    for (std::uint32_t i = 1; i < 4; ++i)
        parts.acked(7, {i, 1, 4});
    parts.send_again(7);
    EXPECT_FALSE(parts.is_complete(7));
    EXPECT_THAT(send_all(parts, message, 100), ElementsAre("1-1", "2-2", "3-3"));
}

TEST(Parts, MakeRoomForANewMessageButNotWithOneThatLostReadings) {
    Parts parts;
    for (std::size_t i = 0; i < Parts::kMost; ++i) {
        const auto message = message_of(1, 10, static_cast<std::int64_t>(i));
        ASSERT_TRUE(parts.begin(message));
        parts.next(message, kAny);
        if (i == 0) parts.lost(0, {0, 1, 1});
        parts.left(message.position);
    }
    EXPECT_TRUE(parts.begin(message_of(1, 10, -1)));
    EXPECT_TRUE(parts.has(0));
    EXPECT_FALSE(parts.has(1));
    EXPECT_TRUE(parts.has(2));
}

TEST(Parts, HaveNoRoomWhenAllAreInUse) {
    Parts parts;
    for (std::size_t i = 0; i < Parts::kMost; ++i) {
        const auto message = message_of(1, 10, static_cast<std::int64_t>(i));
        parts.begin(message);
        send_all(parts, message, kAny);
    }
    EXPECT_FALSE(parts.begin(message_of(1, 10, -1)));
    parts.disconnected();
    EXPECT_TRUE(parts.begin(message_of(1, 10, -1)));
}

}  // namespace
}  // namespace fieldlink
