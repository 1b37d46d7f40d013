#include "config/yaml/quantity.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

using namespace std::chrono_literals;

TEST(Duration, HasAWholeNumberAndAUnit) {
    EXPECT_EQ(parse_duration("500ms"), 500ms);
    EXPECT_EQ(parse_duration("10s"), 10s);
    EXPECT_EQ(parse_duration("5m"), 5min);
    EXPECT_EQ(parse_duration("24h"), 24h);
    EXPECT_EQ(parse_duration("7d"), 7 * 24h);
    EXPECT_EQ(parse_duration("0s"), 0s);
}

TEST(Duration, IsRefusedOtherwise) {
    for (const char* const text : {"", "5", "s", "1.5s", "-1s", "+1s", " 1s", "1 s", "1s ", "1S", "1h30m", "5min",
                                   "99999999999999999999s", "9223372036854775807d"}) {
        EXPECT_FALSE(parse_duration(text)) << text;
    }
}

TEST(Duration, IsPrintedInTheLargestUnitThatFits) {
    EXPECT_EQ(format_duration(500ms), "500ms");
    EXPECT_EQ(format_duration(90s), "90s");
    EXPECT_EQ(format_duration(120s), "2m");
    EXPECT_EQ(format_duration(48h), "2d");
    EXPECT_EQ(format_duration(0ms), "0ms");
}

TEST(Duration, IsRepairedWhenItIsClearWhatWasMeant) {
    EXPECT_EQ(repaired_duration("5"), "5s");
    EXPECT_EQ(repaired_duration("10 sec"), "10s");
    EXPECT_EQ(repaired_duration("5 Minutes"), "5m");
    EXPECT_EQ(repaired_duration("500 ms"), "500ms");
    EXPECT_EQ(repaired_duration("1.5s"), std::nullopt);
    EXPECT_EQ(repaired_duration("5 weeks"), std::nullopt);
    EXPECT_EQ(repaired_duration(""), std::nullopt);
}

TEST(Size, HasAWholeNumberAndAUnit) {
    EXPECT_EQ(parse_size("512B"), 512u);
    EXPECT_EQ(parse_size("64KiB"), 64u * 1024);
    EXPECT_EQ(parse_size("256MiB"), 256u * 1024 * 1024);
    EXPECT_EQ(parse_size("2GiB"), 2ull * 1024 * 1024 * 1024);
}

TEST(Size, IsRefusedOtherwise) {
    for (const char* const text : {"", "64", "64KB", "64kib", "-1KiB", "1.5MiB", "9223372036854775807GiB"}) {
        EXPECT_FALSE(parse_size(text)) << text;
    }
    EXPECT_EQ(repaired_size("64KB"), "64KiB");
    EXPECT_EQ(repaired_size("256 mb"), "256MiB");
    EXPECT_EQ(repaired_size("64"), std::nullopt);
    EXPECT_EQ(format_size(65'536), "64KiB");
    EXPECT_EQ(format_size(1'023), "1023B");
}

TEST(WholeNumber, IsDecimalOrHexadecimal) {
    EXPECT_EQ(parse_whole("0"), 0);
    EXPECT_EQ(parse_whole("-7"), -7);
    EXPECT_EQ(parse_whole("+7"), 7);
    EXPECT_EQ(parse_whole("0x76"), 0x76);
    EXPECT_EQ(parse_whole("9223372036854775807"), INT64_MAX);
    EXPECT_EQ(parse_whole("-9223372036854775808"), INT64_MIN);
    for (const char* const text :
         {"", "-", "+", "+-1", "--1", "010", "1.0", "1e3", "0x", "0xg", "9223372036854775808", "1 ", "0b1", "1_000"}) {
        EXPECT_FALSE(parse_whole(text)) << text;
    }
}

TEST(Number, IsFinite) {
    EXPECT_EQ(parse_number("0.5"), 0.5);
    EXPECT_EQ(parse_number("+1e3"), 1000);
    for (const char* const text : {"", "inf", "nan", "-inf", "1e999", "0x10", "1,5", "1.5 ", "one"}) {
        EXPECT_FALSE(parse_number(text)) << text;
    }
}

void expect_decimal(const char* text, std::int64_t mantissa, int exponent) {
    const auto value = parse_decimal_scalar(text);
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(value->mantissa, mantissa) << text;
    EXPECT_EQ(value->exponent, exponent) << text;
}

TEST(DecimalScalar, IsExact) {
    expect_decimal("0.1", 1, -1);
    expect_decimal("-0.25", -25, -2);
    expect_decimal("1e-3", 1, -3);
    expect_decimal("2.50", 25, -1);
    expect_decimal("100", 100, 0);
    expect_decimal("1.5E+2", 15, 1);
    expect_decimal("+.5", 5, -1);
    expect_decimal("3.", 3, 0);
    expect_decimal("0.0", 0, 0);
    expect_decimal("9223372036854775807", INT64_MAX, 0);
    expect_decimal("0.000000000000000001", 1, -18);
    expect_decimal("1e18", 1, 18);
}

TEST(DecimalScalar, IsRefusedWhenItIsNoneOrDoesNotFit) {
    for (const char* const text :
         {"", ".", "-", "e3", "1e", "1e1.5", "0.1.2", "0,1", "1e19", "1e-19", "nan", "inf", "0x1",
          "9223372036854775808", "0.1234567890123456789", "1 ", "--1", "-.", "1e99999999"}) {
        EXPECT_FALSE(parse_decimal_scalar(text)) << text;
    }
}

}  // namespace
}  // namespace fieldlink
