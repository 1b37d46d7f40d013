#include "daemon/values/decimal_text.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <random>

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

std::string text(int128 mantissa, int exponent) {
    std::string json;
    append_decimal(json, {mantissa, exponent});
    return json;
}

TEST(DecimalText, WritesNumbersAsAPersonWould) {
    EXPECT_EQ(text(215, -1), "21.5");
    EXPECT_EQ(text(-215, -1), "-21.5");
    EXPECT_EQ(text(2150, -2), "21.5");
    EXPECT_EQ(text(100, -2), "1");
    EXPECT_EQ(text(1000, -2), "10");
    EXPECT_EQ(text(5, -3), "0.005");
    EXPECT_EQ(text(0, -3), "0");
    EXPECT_EQ(text(12, 3), "12000");
    EXPECT_EQ(text(15, 30), "1.5e31");
    EXPECT_EQ(text(15, -30), "1.5e-29");
}

TEST(DecimalText, WritesTheSameDigitsWhateverPathTheyTake) {
    EXPECT_EQ(text(999'999'999'999'999'999, -3), "999999999999999.999");
    EXPECT_EQ(text(1'000'000'000'000'000'000, -3), "1000000000000000");
    EXPECT_EQ(text(-1, -6), "-0.000001");
    EXPECT_EQ(text(-10, -7), "-0.000001");
    EXPECT_EQ(text(100'200, -4), "10.02");
    EXPECT_EQ(text(-7, 0), "-7");
    std::mt19937_64 random(11);
    for (int i = 0; i < 100'000; ++i) {
        const auto mantissa = static_cast<std::int64_t>(random()) >> (random() % 60);
        const int exponent = -static_cast<int>(random() % 8);
        WideDecimal back;
        ASSERT_TRUE(parse_decimal(text(mantissa, exponent), back));
        int128 whole = 0;
        ASSERT_TRUE(mantissa == 0 || divide_to_whole({mantissa, exponent}, back, whole)) << text(mantissa, exponent);
        ASSERT_TRUE(mantissa == 0 || whole == 1) << text(mantissa, exponent);
    }
}

TEST(DecimalText, WritesTheLargestMagnitudes) {
    EXPECT_EQ(text(INT64_MIN, 0), "-9223372036854775808");
    EXPECT_EQ(text(static_cast<int128>(UINT64_MAX), -1), "1844674407370955161.5");
    EXPECT_EQ(text(static_cast<int128>(UINT64_MAX) * 1'000'003, -6), "18446799413941772743.654845");
}

TEST(DecimalText, MultipliesAndAddsExactly) {
    WideDecimal number{215, 0};
    ASSERT_TRUE(multiply(number, {1, -1}));
    ASSERT_TRUE(add(number, {-4000, -2}));
    std::string json;
    append_decimal(json, number);
    EXPECT_EQ(json, "-18.5");
}

TEST(DecimalText, RefusesWhatDoesNotFitAndLeavesTheNumberAlone) {
    const int128 huge = static_cast<int128>(1) << 126;
    WideDecimal number{huge, 0};
    EXPECT_FALSE(multiply(number, {4, 0}));
    EXPECT_FALSE(add(number, {1, -30}));
    EXPECT_TRUE(number.mantissa == huge && number.exponent == 0);
}

TEST(DecimalText, RefusesWhatIsNoNumber) {
    WideDecimal number;
    for (const char* wrong :
         {"", "-", "1.2.3", "1e", "1e999", "x", "0x10", "nan", "1 ", "99999999999999999999999999999999999"})
        EXPECT_FALSE(parse_decimal(wrong, number)) << wrong;
}

/// Any double's shortest text goes through and comes back as the same double.
TEST(DecimalText, KeepsEveryDouble) {
    std::mt19937_64 random(7);
    for (int i = 0; i < 100'000; ++i) {
        const std::uint64_t bits = random();
        double number = 0;
        static_assert(sizeof number == sizeof bits);
        std::memcpy(&number, &bits, sizeof number);
        if (!std::isfinite(number)) continue;
        char shortest[40];
        const auto end = std::to_chars(shortest, shortest + sizeof shortest, number, std::chars_format::scientific).ptr;
        WideDecimal decimal;
        ASSERT_TRUE(parse_decimal({shortest, static_cast<std::size_t>(end - shortest)}, decimal));
        std::string json;
        append_decimal(json, decimal);
        ASSERT_EQ(std::strtod(json.c_str(), nullptr), number) << json;
    }
}

}  // namespace
}  // namespace fieldlink
