#include "daemon/polling/batcher.hpp"

#include <gtest/gtest.h>

#include "daemon/message/body.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

Stamp at(int ms) {
    return {milliseconds(10'000 + ms), milliseconds(1'764'000'000'000 + ms)};
}

Reading reading(const std::string& sensor, int ms, std::size_t size = 20) {
    return {sensor, at(ms), R"("values":{"p":")" + std::string(size, 'x') + R"("})"};
}

BatchConfig limits(std::uint64_t bytes = 48 * 1024, unsigned readings = 1'000) {
    return {milliseconds(1'000), bytes, readings};
}

std::size_t frame_size(const NewMessage& message) {
    StoredMessage stored;
    stored.seq = INT64_MAX;
    stored.gateway = "gw";
    stored.epoch = "12345678";
    stored.channel = message.channel;
    stored.prev = Previous{"12345678", INT64_MAX};
    stored.created = message.created;
    stored.body = message.body;
    std::string json = R"({"type":"publish","channel":")" + message.channel + R"(","requestId":"1","data":)";
    render(stored, std::nullopt, json);
    return json.size() + 1;
}

TEST(Batcher, ClosesABatchWhenItsFirstReadingHasWaitedForMaxAge) {
    Batcher batcher(limits(), "gw", "fleet/gw/telemetry");
    batcher.add(reading("a", 0), at(0));
    batcher.add(reading("b", 900), at(900));
    EXPECT_EQ(batcher.next_due(), at(1'000).boot);
    EXPECT_TRUE(batcher.due(at(999)).empty());
    const auto messages = batcher.due(at(1'000));
    ASSERT_EQ(messages.size(), 1u);
    EXPECT_EQ(messages[0].readings, 2u);
    EXPECT_EQ(messages[0].channel, "fleet/gw/telemetry");
    EXPECT_EQ(messages[0].sensors, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(messages[0].first, at(0).boot);
    EXPECT_EQ(messages[0].last, at(900).boot);
    EXPECT_FALSE(batcher.next_due());
}

TEST(Batcher, KeepsTheWholeFrameWithinMaxBytesAndUsesMostOfIt) {
    constexpr std::uint64_t kBytes = 4'096;
    Batcher batcher(limits(kBytes), "gw", "fleet/gw/telemetry");
    for (int i = 0; i < 1'000; ++i)
        batcher.add(reading("sensor", i, static_cast<std::size_t>(i) % 90), at(i));
    const auto messages = batcher.full();
    ASSERT_GT(messages.size(), 10u);
    for (const NewMessage& message : messages) {
        EXPECT_LE(frame_size(message), kBytes);
        EXPECT_GE(frame_size(message), kBytes * 6 / 10);
    }
}

TEST(Batcher, ClosesABatchAtMaxReadings) {
    Batcher batcher(limits(48 * 1024, 3), "gw", "t");
    for (int i = 0; i < 7; ++i)
        batcher.add(reading("a", i), at(i));
    const auto messages = batcher.full();
    ASSERT_EQ(messages.size(), 2u);
    EXPECT_EQ(messages[0].readings, 3u);
    EXPECT_EQ(batcher.open_readings(), 1u);
}

TEST(Batcher, GivesAReadingThatIsTooLargeAMessageOfItsOwn) {
    Batcher batcher(limits(1'024), "gw", "t");
    batcher.add(reading("a", 0), at(0));
    batcher.add(reading("a", 1, 5'000), at(1));
    batcher.add(reading("a", 2), at(2));
    const auto messages = batcher.all(at(3));
    ASSERT_EQ(messages.size(), 3u);
    for (const NewMessage& message : messages)
        EXPECT_EQ(message.readings, 1u);
}

TEST(Batcher, KeepsSensorsApartWhenEachHasItsOwnChannel) {
    Batcher batcher(limits(), "gw", "fleet/gw/{sensor}/telemetry");
    batcher.add(reading("a", 0), at(0));
    batcher.add(reading("b", 1), at(1));
    batcher.add(reading("a", 2), at(2));
    const auto messages = batcher.all(at(3));
    ASSERT_EQ(messages.size(), 2u);
    EXPECT_EQ(messages[0].channel, "fleet/gw/a/telemetry");
    EXPECT_EQ(messages[0].readings, 2u);
    EXPECT_EQ(messages[1].channel, "fleet/gw/b/telemetry");
}

TEST(Batcher, KeepsTheTimesOfReadingsThatComeOutOfOrder) {
    Batcher batcher(limits(), "gw", "t");
    batcher.add(reading("a", 500), at(600));
    batcher.add(reading("b", 100), at(600));
    const auto messages = batcher.all(at(700));
    ASSERT_EQ(messages.size(), 1u);
    EXPECT_EQ(messages[0].first, at(100).boot);
    EXPECT_EQ(messages[0].last, at(500).boot);
    StoredMessage stored;
    stored.created = messages[0].created;
    stored.body = messages[0].body;
    std::string json;
    render(stored, std::nullopt, json);
    EXPECT_NE(json.find(R"("sensor":"a","ts":)" + std::to_string(at(500).wall.count())), std::string::npos) << json;
    EXPECT_NE(json.find(R"("sensor":"b","ts":)" + std::to_string(at(100).wall.count())), std::string::npos) << json;
}

}  // namespace
}  // namespace fieldlink
