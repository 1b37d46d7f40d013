#include "daemon/ctl/human.hpp"

#include <gtest/gtest.h>

#include "utc.hpp"

namespace fieldlink {
namespace {

using namespace std::chrono_literals;

TEST(Human, SaysSpansInTheirTwoLargestUnits) {
    EXPECT_EQ(span_text(-5s), "0 s");
    EXPECT_EQ(span_text(999ms), "0 s");
    EXPECT_EQ(span_text(59s), "59 s");
    EXPECT_EQ(span_text(60s), "1 min");
    EXPECT_EQ(span_text(725s), "12 min 5 s");
    EXPECT_EQ(span_text(3h + 10min + 59s), "3 h 10 min");
    EXPECT_EQ(span_text(24h + 59min), "1 d");
    EXPECT_EQ(span_text(98h), "4 d 2 h");
}

TEST(Human, SaysBytesInThreeDigits) {
    EXPECT_EQ(bytes_text(0), "0 B");
    EXPECT_EQ(bytes_text(1023), "1023 B");
    EXPECT_EQ(bytes_text(1024), "1.00 KiB");
    EXPECT_EQ(bytes_text(10 * 1024), "10.0 KiB");
    EXPECT_EQ(bytes_text(256ull * 1024 * 1024), "256 MiB");
    EXPECT_EQ(bytes_text(1023ull * 1024 * 1024), "1.00 GiB");
    EXPECT_EQ(bytes_text(UINT64_MAX), "16384 PiB");
}

TEST(Human, SaysMomentsInLocalTime) {
    const Utc utc;
    EXPECT_EQ(moment_text(1'764'000'000'999ms), "2025-11-24 16:00:00");
    EXPECT_EQ(moment_text(std::chrono::milliseconds::max()), "292278994-08-17 07:12:55");
}

TEST(Human, SaysWhichOneOfMany) {
    EXPECT_EQ(ordinal_text(1), "1st");
    EXPECT_EQ(ordinal_text(2), "2nd");
    EXPECT_EQ(ordinal_text(3), "3rd");
    EXPECT_EQ(ordinal_text(8), "8th");
    EXPECT_EQ(ordinal_text(32), "32nd");
    EXPECT_EQ(ordinal_text(512), "512th");
    EXPECT_EQ(ordinal_text(9223372036854775808u), "9223372036854775808th");
}

TEST(Human, CountsInSingularAndPlural) {
    EXPECT_EQ(count_text(0, "message"), "0 messages");
    EXPECT_EQ(count_text(1, "message"), "1 message");
    EXPECT_EQ(count_text(2, "message"), "2 messages");
}

}  // namespace
}  // namespace fieldlink
