#include "daemon/ctl/outbox/csv.hpp"

#include <gtest/gtest.h>

#include "daemon/ctl/outbox/iso_time.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

std::string rows(const std::string& json, bool for_screen = false) {
    const JsonDocument document(json);
    EXPECT_TRUE(document.valid()) << document.error();
    return csv_rows(document.root(), for_screen);
}

std::string message(const std::string& readings) {
    return R"({"messageId":"gw:e1:418","readings":[)" + readings + "]}";
}

TEST(Csv, HasARowForEachValueAsItIsWritten) {
    EXPECT_EQ(csv_header(), "ts,sensor,point,value,error,messageId\r\n");
    EXPECT_EQ(rows(message(R"({"sensor":"boiler","ts":1764000000120,"values":{"temperature":71.50,"pump":true}},)"
                           R"({"sensor":"meter","ts":1764000000000,"values":{"energy":"18446744073709551615"}})")),
              "2025-11-24T16:00:00.120Z,boiler,temperature,71.50,,gw:e1:418\r\n"
              "2025-11-24T16:00:00.120Z,boiler,pump,true,,gw:e1:418\r\n"
              "2025-11-24T16:00:00.000Z,meter,energy,18446744073709551615,,gw:e1:418\r\n");
}

TEST(Csv, HasARowForEachError) {
    EXPECT_EQ(rows(message(R"({"sensor":"b","ts":1764000000000,"values":{"t":1},"errors":{"s":{"code":"no_value"}}},)"
                           R"({"sensor":"m","ts":1764000000000,"error":{"code":"timeout","message":"unit 1, none"}})")),
              "2025-11-24T16:00:00.000Z,b,t,1,,gw:e1:418\r\n"
              "2025-11-24T16:00:00.000Z,b,s,,no_value,gw:e1:418\r\n"
              "2025-11-24T16:00:00.000Z,m,,,\"timeout: unit 1, none\",gw:e1:418\r\n");
}

TEST(Csv, QuotesWhatWouldBreakARow) {
    EXPECT_EQ(rows(message(R"({"sensor":"s","ts":0,"values":{"a":"x,y","b":"say \"x\"","c":"1\r\n2"}})")),
              "1970-01-01T00:00:00.000Z,s,a,\"x,y\",,gw:e1:418\r\n"
              "1970-01-01T00:00:00.000Z,s,b,\"say \"\"x\"\"\",,gw:e1:418\r\n"
              "1970-01-01T00:00:00.000Z,s,c,\"1\r\n2\",,gw:e1:418\r\n");
}

TEST(Csv, PassesOnControlCharactersToAFileButNotToATerminal) {
    const std::string json = message(R"({"sensor":"s","ts":0,"values":{"a":"\u001b[2J"}})");

    EXPECT_EQ(rows(json), "1970-01-01T00:00:00.000Z,s,a,\x1b[2J,,gw:e1:418\r\n");
    EXPECT_EQ(rows(json, true), "1970-01-01T00:00:00.000Z,s,a,\xEF\xBF\xBD[2J,,gw:e1:418\r\n");
}

TEST(Csv, HasNoRowForAMessageWithoutReadings) {
    EXPECT_EQ(rows(R"({"messageId":"gw:e1:419","gap":{"messages":3}})"), "");
}

TEST(IsoTime, IsInUtcAndKeepsItsMillisecondsBefore1970) {
    EXPECT_EQ(iso_time(milliseconds(1'764'000'000'007)), "2025-11-24T16:00:00.007Z");
    EXPECT_EQ(iso_time(milliseconds(-1)), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(iso_time(milliseconds(INT64_MAX)), "9223372036854775807");
}

}  // namespace
}  // namespace fieldlink
