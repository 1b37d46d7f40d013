#include "daemon/ctl/outbox/moment.hpp"

#include <cstdlib>
#include <ctime>

#include <gmock/gmock.h>

#include "daemon/ctl/usage_error.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;

constexpr milliseconds kNow(1'764'000'000'250);  // 2025-11-24T16:00:00.250Z

/// Local time is an hour ahead of UTC, two in summer, without the machine's list of time zones.
class Moment : public testing::Test {
protected:
    Moment() {
        ::setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
        ::tzset();
    }
    ~Moment() override {
        ::unsetenv("TZ");
        ::tzset();
    }

    static std::int64_t ms(const char* text) { return parse_moment(text, kNow).count(); }

    static std::string refusal(const std::string& text) {
        try {
            parse_moment(text, kNow);
        } catch (const UsageError& error) {
            return error.what();
        }
        return "taken";
    }
};

TEST_F(Moment, IsSoLongAgo) {
    EXPECT_EQ(ms("0s"), 1'764'000'000'250);
    EXPECT_EQ(ms("45s"), 1'763'999'955'250);
    EXPECT_EQ(ms("90m"), 1'763'994'600'250);
    EXPECT_EQ(ms("2h"), 1'763'992'800'250);
    EXPECT_EQ(ms("1d"), 1'763'913'600'250);
    EXPECT_EQ(ms("2w"), 1'762'790'400'250);
}

TEST_F(Moment, IsUnixMilliseconds) {
    EXPECT_EQ(ms("1764000000000"), 1'764'000'000'000);
}

TEST_F(Moment, IsADateOrATimeOfTheLocalClock) {
    EXPECT_EQ(ms("2025-11-24"), 1'763'938'800'000);
    EXPECT_EQ(ms("2025-11-24T17:00"), 1'764'000'000'000);
    EXPECT_EQ(ms("2025-11-24 17:00:05"), 1'764'000'005'000);
    EXPECT_EQ(ms("2025-11-24T17:00:05.2"), 1'764'000'005'200);
    EXPECT_EQ(ms("2025-11-24T17:00:05.1239"), 1'764'000'005'123);
    EXPECT_EQ(ms("2025-07-01T02:00"), 1'751'328'000'000);  // in summer
}

TEST_F(Moment, IsATimeWithItsOffset) {
    EXPECT_EQ(ms("2025-11-24T16:00Z"), 1'764'000'000'000);
    EXPECT_EQ(ms("2025-11-24T16:00:00.250Z"), 1'764'000'000'250);
    EXPECT_EQ(ms("2025-11-24T18:30:00+02:30"), 1'764'000'000'000);
    EXPECT_EQ(ms("2025-11-24T18:30:00+0230"), 1'764'000'000'000);
    EXPECT_EQ(ms("2025-11-24T11:00-05"), 1'764'000'000'000);
    EXPECT_EQ(ms("2024-02-29T00:00Z"), 1'709'164'800'000);
}

TEST_F(Moment, IsNothingElse) {
    for (const char* text : {"",
                             "2",
                             "h",
                             "2x",
                             "-2h",
                             "2 h",
                             "2h3m",
                             "yesterday",
                             "2025",
                             "2025-11",
                             "24.11.2025",
                             "2025-11-24T",
                             "2025-11-24T16",
                             "2025-11-24T16:0",
                             "2025-11-24T16:00:00.",
                             "2025-11-24Z",
                             "2025-11-24T16:00Zulu",
                             "2025-11-24T16:00+1",
                             "2025-11-24T16:00 ",
                             "2025-11-24\n"})
        EXPECT_THAT(refusal(text), HasSubstr("write e.g. 2h (ago), 1764000000000 (Unix ms)")) << text;
}

TEST_F(Moment, DoesNotExist) {
    for (const char* text :
         {"2025-02-29", "2025-13-01", "2025-00-01", "2025-04-31", "2025-11-24T24:00", "2025-11-24T16:60", "1969-12-31"})
        EXPECT_THAT(refusal(text), HasSubstr("does not exist")) << text;
}

TEST_F(Moment, SaysThatSecondsAreNotMilliseconds) {
    EXPECT_THAT(refusal("1764000000"), AllOf(HasSubstr("too small"), HasSubstr("append 000")));
    EXPECT_THAT(refusal("99999999999999999999"), HasSubstr("too large"));
    EXPECT_THAT(refusal("999999999999999h"), HasSubstr("longer than anything"));
    EXPECT_THAT(refusal("99999999999999999999h"), HasSubstr("longer than anything"));
}

}  // namespace
}  // namespace fieldlink
