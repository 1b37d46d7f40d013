#include "daemon/message/body.hpp"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "storage/records.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

StoredMessage message(Kind kind, std::string body) {
    StoredMessage message;
    message.seq = 418;
    message.gateway = "sensor-42";
    message.epoch = "9f1c2e7a";
    message.kind = kind;
    message.created = {milliseconds(5'000), milliseconds(1'764'000'000'000)};
    message.body = std::move(body);
    return message;
}

/// By default the true time is what the wall clock says.
constexpr milliseconds kWallOffset{1'763'999'995'000};

std::string rendered(const StoredMessage& message, std::optional<milliseconds> true_offset = kWallOffset) {
    std::string json;
    render(message, true_offset, json);
    return json;
}

std::string two_readings() {
    std::string body;
    begin_body(body, milliseconds(4'120));
    append_record(body, milliseconds(0), "boiler", R"("values":{"temperature":71.5})");
    append_record(body, milliseconds(-20), "meter", R"("error":{"code":"timeout"})");
    return body;
}

TEST(Body, RendersReadingsAsTheContractShowsThem) {
    StoredMessage readings = message(Kind::readings, two_readings());
    readings.prev = Previous{"9f1c2e7a", 416};
    EXPECT_EQ(rendered(readings),
              R"({"messageId":"sensor-42:9f1c2e7a:418","seq":418,"prev":"9f1c2e7a:416","ts":1764000000000,"readings":[)"
              R"({"sensor":"boiler","ts":1763999999120,"values":{"temperature":71.5}},)"
              R"({"sensor":"meter","ts":1763999999100,"error":{"code":"timeout"}}]})");
}

TEST(Body, RendersAPartWithTheIdAndTheBoundsOfItsReadings) {
    StoredMessage readings = message(Kind::readings, two_readings());
    readings.prev = Previous{"9f1c2e7a", 416};
    const RecordIndex index(readings.body);
    ASSERT_EQ(index.records(), 2u);
    std::string json;
    render_part(readings, {1, 1, 2}, index.cut(1, 1), kWallOffset, json);
    EXPECT_EQ(json, R"({"messageId":"sensor-42:9f1c2e7a:418/1-1","seq":418,"prev":"9f1c2e7a:416",)"
                    R"("part":{"first":1,"count":1,"of":2},"ts":1764000000000,"readings":[)"
                    R"({"sensor":"meter","ts":1763999999100,"error":{"code":"timeout"}}]})");
    EXPECT_EQ(index.sensor(1), "meter");
}

TEST(Body, MeasuresPartsOnTheSafeSide) {
    StoredMessage readings = message(Kind::readings, two_readings());
    readings.seq = 9'007'199'254'740'991;
    readings.prev = Previous{"9f1c2e7a", 9'007'199'254'740'990};
    readings.replayed = true;
    const RecordIndex index(readings.body);
    for (const Part part : {Part{0, 1, 2}, Part{1, 1, 2}, Part{0, 2, 2}}) {
        std::string json;
        render_part(readings, part, index.cut(part.first, part.count), std::nullopt, json);
        const std::size_t around =
            std::string_view(R"({"type":"publish","channel":"c","requestId":"","data":})").size();
        EXPECT_LE(json.size() + around + 20,
                  part_overhead("sensor-42", "c") + index.rendered_size(part.first, part.count));
    }
}

TEST(Body, LeavesPrevOutOfTheFirstMessageOfAChannel) {
    EXPECT_EQ(rendered(message(Kind::readings, two_readings())).find("prev"), std::string::npos);
}

TEST(Body, WrapsResultsAndGapsInAMemberOfTheirName) {
    EXPECT_EQ(rendered(message(Kind::result, R"({"id":"c-17"})")),
              R"({"messageId":"sensor-42:9f1c2e7a:418","seq":418,"ts":1764000000000,"result":{"id":"c-17"}})");
    EXPECT_NE(rendered(message(Kind::gap, "{}")).find(R"("gap":{}})"), std::string::npos);
    EXPECT_NE(rendered(message(Kind::event, "{}")).find(R"("event":{}})"), std::string::npos);
}

TEST(Body, EndsADamagedBodyAtItsLastWholeRecord) {
    const std::string whole = two_readings();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const std::string json = rendered(message(Kind::readings, whole.substr(0, size)));
        rapidjson::Document document;
        EXPECT_FALSE(document.Parse(json.c_str()).HasParseError()) << json;
        EXPECT_EQ(json.find("meter"), std::string::npos);
    }
}

TEST(Body, TellsEveryTimeByTheTrueOffsetWhateverTheWallClockSaid) {
    StoredMessage readings = message(Kind::readings, two_readings());
    readings.created.wall = milliseconds(65'000);
    EXPECT_EQ(rendered(readings), R"({"messageId":"sensor-42:9f1c2e7a:418","seq":418,"ts":1764000000000,"readings":[)"
                                  R"({"sensor":"boiler","ts":1763999999120,"values":{"temperature":71.5}},)"
                                  R"({"sensor":"meter","ts":1763999999100,"error":{"code":"timeout"}}]})");
}

TEST(Body, GivesTheSameTimesAgainWhenTheOffsetWasMeasuredAnew) {
    const StoredMessage readings = message(Kind::readings, two_readings());
    for (const int difference : {-99, -1, 1, 99})
        EXPECT_EQ(rendered(readings, kWallOffset + milliseconds(difference)), rendered(readings));
    for (const int difference : {-100, 100})
        EXPECT_NE(rendered(readings, kWallOffset + milliseconds(difference)), rendered(readings));
}

TEST(Body, SaysBesideEveryTimeThatItIsNotTiedToATrueClock) {
    StoredMessage readings = message(Kind::readings, two_readings());
    readings.created.wall = milliseconds(65'000);
    EXPECT_EQ(rendered(readings, std::nullopt),
              R"({"messageId":"sensor-42:9f1c2e7a:418","seq":418,"ts":65000,"clock":"unsynced","readings":[)"
              R"({"sensor":"boiler","ts":64120,"clock":"unsynced","values":{"temperature":71.5}},)"
              R"({"sensor":"meter","ts":64100,"clock":"unsynced","error":{"code":"timeout"}}]})");
}

TEST(Body, TellsTheTimesOfAnEarlierBootByThatBootsOffset) {
    StoredMessage result = message(Kind::result, "{}");
    result.time_base = {false, milliseconds(1'700'000'000'000)};
    EXPECT_NE(rendered(result).find(R"("ts":1700000005000,"result")"), std::string::npos) << rendered(result);
    result.time_base = {false, std::nullopt};
    EXPECT_NE(rendered(result).find(R"("ts":1764000000000,"clock":"unsynced","result")"), std::string::npos);
}

TEST(Body, TakesWhatIsStoredForThisBootUntilItKnowsBetter) {
    StoredMessage result = message(Kind::result, "{}");
    result.time_base = {true, milliseconds(1'700'000'000'000)};
    EXPECT_NE(rendered(result, std::nullopt).find(R"("ts":1700000005000,"result")"), std::string::npos);
    EXPECT_NE(rendered(result).find(R"("ts":1764000000000,"result")"), std::string::npos);
}

TEST(Body, MarksWhatAnOperatorHadSentAgain) {
    StoredMessage result = message(Kind::result, "{}");
    result.replayed = true;
    EXPECT_NE(rendered(result).find(R"("ts":1764000000000,"replayed":true,"result")"), std::string::npos);
    EXPECT_NE(rendered(result, std::nullopt).find(R"("clock":"unsynced","replayed":true,"result")"), std::string::npos);
}

TEST(Body, GivesAGapTheTimesOfWhatWasLost) {
    StoredMessage gap = message(Kind::gap, R"({"epoch":"9f1c2e7a","reason":"outbox_full"})");
    gap.first = milliseconds(1'000);
    gap.last = milliseconds(4'000);
    const std::string start = R"("gap":{"epoch":"9f1c2e7a","reason":"outbox_full",)";
    EXPECT_NE(rendered(gap).find(start + R"("first_ts":1763999996000,"last_ts":1763999999000}})"), std::string::npos)
        << rendered(gap);
    gap.created.wall = milliseconds(65'000);
    EXPECT_NE(rendered(gap, std::nullopt).find(start + R"("first_ts":61000,"last_ts":64000}})"), std::string::npos);
}

TEST(Body, LeavesTheTimesThatAGapHasAlready) {
    const std::string body = R"({"first_ts":1,"last_ts":2,"reason":"corrupt"})";
    EXPECT_NE(rendered(message(Kind::gap, body)).find(R"("gap":)" + body + "}"), std::string::npos);
}

TEST(Body, NeverRendersMoreThanItsSizesPredict) {
    StoredMessage readings = message(Kind::readings, two_readings());
    readings.seq = INT64_MAX;
    readings.prev = Previous{"9f1c2e7a", INT64_MAX};
    readings.channel = R"(fleet/"a"/telemetry)";
    readings.replayed = true;
    const std::string frame =
        R"({"type":"publish","channel":"fleet/\"a\"/telemetry","requestId":"18446744073709551615","data":)" +
        rendered(readings, std::nullopt) + "}";
    EXPECT_LE(frame.size(), frame_overhead(readings.gateway, readings.channel) +
                                rendered_size("boiler", R"("values":{"temperature":71.5})") +
                                rendered_size("meter", R"("error":{"code":"timeout"})"));
}

}  // namespace
}  // namespace fieldlink
