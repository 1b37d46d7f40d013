#include "daemon/message/body.hpp"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

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

std::string rendered(const StoredMessage& message) {
    std::string json;
    render(message, json);
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

TEST(Body, NeverRendersMoreThanItsSizesPredict) {
    StoredMessage readings = message(Kind::readings, two_readings());
    readings.seq = INT64_MAX;
    readings.prev = Previous{"9f1c2e7a", INT64_MAX};
    readings.channel = R"(fleet/"a"/telemetry)";
    const std::string frame =
        R"({"type":"publish","channel":"fleet/\"a\"/telemetry","requestId":"18446744073709551615","data":)" +
        rendered(readings) + "}";
    EXPECT_LE(frame.size(), frame_overhead(readings.gateway, readings.channel) +
                                rendered_size("boiler", R"("values":{"temperature":71.5})") +
                                rendered_size("meter", R"("error":{"code":"timeout"})"));
}

}  // namespace
}  // namespace fieldlink
