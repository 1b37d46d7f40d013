#include "storage/gap.hpp"

#include <gtest/gtest.h>

#include "storage/gap_book.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

Gap span(std::int64_t from, std::int64_t to, std::uint64_t readings, const std::string& sensor) {
    Gap gap;
    gap.from_seq = from;
    gap.to_seq = to;
    gap.messages = static_cast<std::uint64_t>(to - from + 1);
    gap.readings = readings;
    gap.sensors = {sensor};
    gap.first = {milliseconds(from), milliseconds(1000 + from)};
    gap.last = {milliseconds(to), milliseconds(1000 + to)};
    return gap;
}

const GapKey kFull{"telemetry", "9f1c2e7a", "outbox_full", true};

TEST(Gap, IsWrittenAsTheContractSays) {
    EXPECT_EQ(gap_json(kFull, span(90, 140, 2600, "boiler")),
              R"({"epoch":"9f1c2e7a","from_seq":90,"to_seq":140,"messages":51,"readings":2600,"sensors":["boiler"],)"
              R"("reason":"outbox_full"})");
}

TEST(Gap, NamesTheTimesOfAnEarlierBootItself) {
    Gap gap = span(90, 90, 1, "boiler");
    Gap earlier = span(80, 80, 1, "boiler");
    earlier.this_boot = false;
    merge(gap, earlier);
    EXPECT_NE(gap_json(kFull, gap).find(R"("first_ts":1080,"last_ts":1090,"reason")"), std::string::npos);
}

TEST(Gap, OfReadingsThatNeverHadANumberHasNoSpanAndNoMessages) {
    Gap gap = span(0, 0, 7, "boiler");
    gap.messages.reset();
    EXPECT_EQ(gap_json({"telemetry", "9f1c2e7a", "queue_full", false}, gap),
              R"({"epoch":"9f1c2e7a","messages":null,"readings":7,"sensors":["boiler"],)"
              R"("reason":"queue_full"})");
}

TEST(Gap, AddsUpWhenItIsMerged) {
    Gap gap = span(90, 99, 10, "boiler");
    merge(gap, span(120, 121, 5, "meter"));
    merge(gap, span(80, 80, 1, "meter"));
    EXPECT_EQ(gap_json(kFull, gap), R"({"epoch":"9f1c2e7a","from_seq":80,"to_seq":121,"messages":13,"readings":16,)"
                                    R"("sensors":["boiler","meter"],"reason":"outbox_full"})");
    EXPECT_EQ(gap.first.boot, milliseconds(80));
    EXPECT_EQ(gap.last.boot, milliseconds(121));
}

TEST(Gap, DoesNotInventACountWhenOneOfTwoIsUnknown) {
    Gap gap = span(1, 2, 10, "boiler");
    Gap damaged = span(3, 3, 0, "boiler");
    damaged.readings.reset();
    merge(gap, damaged);
    EXPECT_FALSE(gap.readings.has_value());
    EXPECT_EQ(gap.messages, 3U);
}

TEST(Gap, NamesABoundedNumberOfSensors) {
    GapBook book;
    for (int i = 0; i < 100; ++i)
        book.add(kFull, span(i, i, 1, "sensor" + std::to_string(i)));
    EXPECT_EQ(book.losses().at(kFull).sensors.size(), kMaxGapSensors);
}

TEST(GapBook, KeepsLossesOfDifferentEpochsChannelsAndReasonsApart) {
    GapBook book;
    book.add(kFull, span(1, 1, 1, "a"));
    book.add({"telemetry", "00000000", "outbox_full", true}, span(2, 2, 1, "a"));
    book.add({"results", "9f1c2e7a", "outbox_full", true}, span(3, 3, 1, "a"));
    book.add({"telemetry", "9f1c2e7a", "corrupt", true}, span(4, 4, 1, "a"));
    EXPECT_EQ(book.losses().size(), 4U);
}

TEST(GapBook, LetsARecordGrowUntilItWasHandedOut) {
    GapBook book;
    book.add(kFull, span(1, 1, 1, "a"));
    book.recorded({{kFull, {7, span(1, 1, 1, "a")}}});
    EXPECT_TRUE(book.losses().empty());
    ASSERT_TRUE(book.open(kFull).has_value());
    EXPECT_EQ(book.open(kFull)->position, 7);

    book.freeze(7);

    EXPECT_FALSE(book.open(kFull).has_value());
}

}  // namespace
}  // namespace fieldlink
