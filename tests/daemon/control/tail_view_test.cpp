#include "daemon/ctl/tail_view.hpp"

#include <gmock/gmock.h>

#include "daemon/ctl/answers.hpp"
#include "utc.hpp"

namespace fieldlink {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr std::chrono::milliseconds kNow = 1'764'000'000'000ms;

TailReading reading_of(const std::string& line) {
    return reading_in(line).value();
}

TEST(TailView, WritesAReadingAsALine) {
    const Utc utc;
    EXPECT_EQ(tail_line(reading_of(
                  R"({"sensor":"boiler","ts":1764000000007,"values":{"temperature":71.50,"pump":true,"text":"a b"}})")),
              R"(2025-11-24 16:00:00.007 boiler temperature=71.50 pump=true text="a b")");
}

TEST(TailView, WritesErrorsOfSensorsAndOfPoints) {
    const Utc utc;
    EXPECT_EQ(tail_line(reading_of(
                  R"({"sensor":"meter","ts":1764000000120,"error":{"code":"timeout","message":"unit 1: no answer"}})")),
              "2025-11-24 16:00:00.120 meter error timeout: unit 1: no answer");
    EXPECT_EQ(tail_line(reading_of(
                  R"({"sensor":"meter","ts":1764000000120,"values":{"a":1},"errors":{"b":{"code":"no_value"}}})")),
              "2025-11-24 16:00:00.120 meter a=1 b=!no_value");
}

TEST(TailView, WritesALineOfWhateverComes) {
    const Utc utc;
    EXPECT_EQ(tail_line(reading_of(R"({"sensor":"a\u001b\nb","ts":-7,"values":[{"c":"\u001b"}]})")),
              "1970-01-01 00:00:00.000 a\uFFFD b ="
              R"({"c":"\u001b"})");
    EXPECT_FALSE(reading_in(R"({"ok":true})"));
    EXPECT_FALSE(reading_in(R"({"sensor":7})"));
    EXPECT_FALSE(reading_in("{"));
}

TEST(TailTable, ShowsEachSensorWithTheAgeOfItsValues) {
    TailTable table;
    table.take(reading_of(R"({"sensor":"boiler","ts":1763999999000,"values":{"temperature":70}})"));
    table.take(reading_of(R"({"sensor":"boiler","ts":1763999999500,"values":{"temperature":71.5}})"));
    table.take(reading_of(R"({"sensor":"meter","ts":1763999990000,"values":{"power":12}})"));

    EXPECT_THAT(table.lines(kNow, Style::plain, 80, 10),
                ElementsAre("SENSOR  STATE  LAST READING  VALUES",            //
                            "boiler  ok     0 s ago       temperature=71.5",  //
                            "meter   ok     10 s ago      power=12"));
}

TEST(TailTable, ShowsAFailingSensorWithItsLastValuesAndTheirAge) {
    TailTable table;
    table.take(reading_of(R"({"sensor":"meter","ts":1763999990000,"values":{"power":12}})"));
    table.take(reading_of(R"({"sensor":"meter","ts":1763999999000,"error":{"code":"timeout","message":"no answer"}})"));

    EXPECT_THAT(table.lines(kNow, Style::plain, 80, 10),
                ElementsAre("SENSOR  STATE    LAST READING  VALUES",
                            "meter   failing  10 s ago      timeout: no answer; last: power=12"));

    table.take(reading_of(R"({"sensor":"meter","ts":1764000000000,"values":{"power":13}})"));
    EXPECT_THAT(table.lines(kNow, Style::plain, 80, 10).back(), "meter   ok     0 s ago       power=13");
}

TEST(TailTable, BeginsWithWhatTheDaemonKnows) {
    TailTable table;
    table.begin(*status_in(R"({"status":{"sensors":{
        "quiet":{"state":"ok","last_reading":1763999940000,"values":{"a":1}},
        "never":{"state":"idle","last_reading":null}}}})"));

    EXPECT_THAT(table.lines(kNow, Style::plain, 80, 10), ElementsAre("SENSOR  STATE  LAST READING  VALUES",  //
                                                                     "never   idle   never",                 //
                                                                     "quiet   ok     1 min ago     a=1"));
}

TEST(TailTable, FitsTheWindow) {
    TailTable table;
    for (const char* sensor : {"a", "b", "c", "d"})
        table.take(reading_of(R"({"sensor":")" + std::string(sensor) +
                              R"(","ts":1764000000000,"values":{"temperature":71.5}})"));

    EXPECT_THAT(table.lines(kNow, Style::plain, 36, 4),
                ElementsAre("SENSOR  STATE  LAST READING  VALUES",  //
                            "a       ok     0 s ago       temper…", "b       ok     0 s ago       temper…",
                            "... and 2 more sensors: make the wi…"));
}

}  // namespace
}  // namespace fieldlink
