#include "daemon/values/point_codec.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

fl_value s64(std::int64_t number) {
    fl_value value{};
    value.kind = FL_VALUE_S64;
    value.as.s64 = number;
    return value;
}
fl_value u64(std::uint64_t number) {
    fl_value value{};
    value.kind = FL_VALUE_U64;
    value.as.u64 = number;
    return value;
}
fl_value f32(float number) {
    fl_value value{};
    value.kind = FL_VALUE_F32;
    value.as.f32 = number;
    return value;
}
fl_value f64(double number) {
    fl_value value{};
    value.kind = FL_VALUE_F64;
    value.as.f64 = number;
    return value;
}

PointConfig point(std::optional<Decimal> scale = {}, std::optional<Decimal> offset = {}) {
    PointConfig config;
    config.name = "p";
    config.scale = scale;
    config.offset = offset;
    return config;
}

std::string text(const PointConfig& config, const fl_value& raw) {
    std::string json;
    return PointCodec(config).append_value(raw, json) ? json : "none";
}

TEST(PointCodec, ScalesWithoutFloatNoise) {
    EXPECT_EQ(text(point(Decimal{1, -1}), s64(215)), "21.5");
    EXPECT_EQ(text(point(Decimal{1, -1}, Decimal{-40, 0}), s64(215)), "-18.5");
    for (int raw = -100'000; raw <= 100'000; ++raw) {
        const std::string json = text(point(Decimal{1, -2}), s64(raw));
        ASSERT_LE(json.size(), 8u) << json;
        ASSERT_EQ(std::stod(json), raw / 100.0);
    }
}

TEST(PointCodec, PrintsAnUnscaledF32AsTheShortestDecimalThatReadsBack) {
    EXPECT_EQ(text(point(), f32(0.1f)), "0.1");
    EXPECT_EQ(text(point(), f32(230.4f)), "230.4");
    EXPECT_EQ(text(point(), f32(16777215.0f)), "16777215");
    EXPECT_EQ(text(point(), f32(-1.1243258e12f)), "-1.1243258e+12");
    EXPECT_EQ(text(point(Decimal{1, -1}), f32(230.4f)), "23.04");
}

TEST(PointCodec, MakesStringsOfIntegersThatADoubleCannotHold) {
    EXPECT_EQ(text(point(), s64(9007199254740991)), "9007199254740991");
    EXPECT_EQ(text(point(), s64(9007199254740992)), "\"9007199254740992\"");
    EXPECT_EQ(text(point(), s64(-9007199254740992)), "\"-9007199254740992\"");
    EXPECT_EQ(text(point(), s64(INT64_MIN)), "\"-9223372036854775808\"");
    EXPECT_EQ(text(point(), u64(UINT64_MAX)), "\"18446744073709551615\"");
}

TEST(PointCodec, MakesStringsOfScaledIntegersThatADoubleCannotHold) {
    EXPECT_EQ(text(point(Decimal{1, 1}), u64(UINT64_MAX)), "\"184467440737095516150\"");
    EXPECT_EQ(text(point(Decimal{1, -1}), u64(UINT64_MAX)), "\"1844674407370955161.5\"");
    EXPECT_EQ(text(point(Decimal{1, -3}), s64(9007199254740993)), "9007199254740.993");
}

TEST(PointCodec, EncodesLargeNumbersExactly) {
    std::string why_not;
    EXPECT_EQ(PointCodec(point()).encode("9007199254740993", why_not)->as.s64, 9007199254740993);
    EXPECT_EQ(PointCodec(point()).encode("\"18446744073709551615\"", why_not)->as.u64, UINT64_MAX);
    EXPECT_EQ(PointCodec(point()).encode("1234567890.25", why_not)->as.f64, 1234567890.25);
    EXPECT_EQ(PointCodec(point()).encode("0.0000000005", why_not)->as.f64, 5e-10);
    EXPECT_EQ(PointCodec(point(Decimal{3, 0})).encode("1", why_not)->kind, FL_VALUE_F64);
}

TEST(PointCodec, HasNoValueForNotANumberInfinityAndErrors) {
    EXPECT_EQ(text(point(), f64(std::nan(""))), "none");
    EXPECT_EQ(text(point(Decimal{1, -1}), f32(std::numeric_limits<float>::infinity())), "none");
    fl_value refused{};
    refused.error = FL_CODE_ILLEGAL_ADDRESS;
    std::string values, errors;
    PointCodec(point()).append(refused, values, errors);
    PointCodec(point()).append(f64(std::nan("")), values, errors);
    EXPECT_EQ(values, "");
    EXPECT_EQ(errors, R"("p":{"code":"illegal_address"},"p":{"code":"no_value"},)");
}

TEST(PointCodec, ScalesEvenWhatNoExactDecimalHolds) {
    EXPECT_EQ(text(point(Decimal{2, 0}, Decimal{1, -18}), f64(1e300)), "2e+300");
}

TEST(PointCodec, EncodesAValueToWriteAsTheRawNumber) {
    std::string why_not;
    const PointCodec codec(point(Decimal{1, -1}, Decimal{-40, 0}));
    const auto raw = codec.encode("21.5", why_not);
    ASSERT_TRUE(raw);
    EXPECT_EQ(raw->kind, FL_VALUE_S64);
    EXPECT_EQ(raw->as.s64, 615);
}

TEST(PointCodec, KeepsAFractionThatTheRegisterMayNotHold) {
    std::string why_not;
    const auto raw = PointCodec(point()).encode("1.25", why_not);
    ASSERT_TRUE(raw);
    EXPECT_EQ(raw->kind, FL_VALUE_F64);
    EXPECT_EQ(raw->as.f64, 1.25);
}

TEST(PointCodec, EncodesBooleans) {
    std::string why_not;
    EXPECT_EQ(PointCodec(point()).encode("true", why_not)->as.s64, 1);
    EXPECT_EQ(PointCodec(point()).encode("false", why_not)->kind, FL_VALUE_BOOLEAN);
}

TEST(PointCodec, RefusesWhatIsOutsideOfItsLimits) {
    PointConfig config = point();
    config.min = 5;
    config.max = 90;
    const PointCodec codec(config);
    std::string why_not;
    EXPECT_TRUE(codec.encode("5", why_not));
    EXPECT_TRUE(codec.encode("90", why_not));
    EXPECT_FALSE(codec.encode("90.01", why_not));
    EXPECT_EQ(why_not, "p: 90.01 is above max 90");
    EXPECT_FALSE(codec.encode("-1", why_not));
    EXPECT_EQ(why_not, "p: -1 is below min 5");
    for (const char* wrong : {"\"sixty\"", "\"\"", "null", "{}", "", "1e999"})
        EXPECT_FALSE(codec.encode(wrong, why_not)) << wrong;
}

}  // namespace
}  // namespace fieldlink
