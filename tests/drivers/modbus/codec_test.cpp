#include "drivers/modbus/codec.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

using Registers = std::vector<std::uint16_t>;

RegisterFormat format_of(std::string_view type, std::string_view order = "ABCD") {
    RegisterFormat format;
    format.type = value_type(type).value();
    format.order = word_order(order).value();
    format.registers = registers_of(format.type);
    return format;
}

fl_value decoded(const RegisterFormat& format, const Registers& registers) {
    static std::array<char, 256> text;
    return decode(format, registers.data(), text.data());
}

std::string text_of(const fl_value& value) {
    return {value.as.text, value.text_size};
}

TEST(ModbusCodec, ReadsEveryTypeInTheOrderOfTheWire) {
    EXPECT_EQ(decoded(format_of("u16"), {0xFFFE}).as.u64, 65534u);
    EXPECT_EQ(decoded(format_of("s16"), {0xFFFE}).as.s64, -2);
    EXPECT_EQ(decoded(format_of("u32"), {0x1234, 0x5678}).as.u64, 0x12345678u);
    EXPECT_EQ(decoded(format_of("s32"), {0xFFFF, 0xFFFE}).as.s64, -2);
    EXPECT_EQ(decoded(format_of("u64"), {0xFFFF, 0, 0, 1}).as.u64, 0xFFFF'0000'0000'0001u);
    EXPECT_EQ(decoded(format_of("s64"), {0xFFFF, 0xFFFF, 0xFFFF, 0xFFFE}).as.s64, -2);
    EXPECT_EQ(decoded(format_of("f32"), {0x42F6, 0xE979}).as.f32, 123.456f);
    EXPECT_EQ(decoded(format_of("f64"), {0x405E, 0xDD2F, 0x1A9F, 0xBE77}).as.f64, 123.456);
    EXPECT_EQ(decoded(format_of("bcd16"), {0x1234}).as.u64, 1234u);
    EXPECT_EQ(decoded(format_of("bcd32"), {0x1234, 0x5678}).as.u64, 12345678u);
}

TEST(ModbusCodec, NamesTheKindOfEachValue) {
    EXPECT_EQ(decoded(format_of("u16"), {1}).kind, FL_VALUE_U64);
    EXPECT_EQ(decoded(format_of("s16"), {1}).kind, FL_VALUE_S64);
    EXPECT_EQ(decoded(format_of("f32"), {1, 1}).kind, FL_VALUE_F32);
    EXPECT_EQ(decoded(format_of("f64"), {1, 1, 1, 1}).kind, FL_VALUE_F64);
    EXPECT_EQ(decoded(format_of("bcd16"), {1}).kind, FL_VALUE_U64);
}

TEST(ModbusCodec, ReadsTwoRegistersInEveryOrder) {
    EXPECT_EQ(decoded(format_of("u32", "ABCD"), {0xAABB, 0xCCDD}).as.u64, 0xAABBCCDDu);
    EXPECT_EQ(decoded(format_of("u32", "CDAB"), {0xCCDD, 0xAABB}).as.u64, 0xAABBCCDDu);
    EXPECT_EQ(decoded(format_of("u32", "BADC"), {0xBBAA, 0xDDCC}).as.u64, 0xAABBCCDDu);
    EXPECT_EQ(decoded(format_of("u32", "DCBA"), {0xDDCC, 0xBBAA}).as.u64, 0xAABBCCDDu);
}

TEST(ModbusCodec, ReadsFourRegistersInEveryOrder) {
    const std::uint64_t expected = 0xA1A2'B1B2'C1C2'D1D2u;
    EXPECT_EQ(decoded(format_of("u64", "ABCD"), {0xA1A2, 0xB1B2, 0xC1C2, 0xD1D2}).as.u64, expected);
    EXPECT_EQ(decoded(format_of("u64", "CDAB"), {0xD1D2, 0xC1C2, 0xB1B2, 0xA1A2}).as.u64, expected);
    EXPECT_EQ(decoded(format_of("u64", "BADC"), {0xA2A1, 0xB2B1, 0xC2C1, 0xD2D1}).as.u64, expected);
    EXPECT_EQ(decoded(format_of("u64", "DCBA"), {0xD2D1, 0xC2C1, 0xB2B1, 0xA2A1}).as.u64, expected);
}

TEST(ModbusCodec, SwapsTheBytesOfASingleRegister) {
    EXPECT_EQ(decoded(format_of("u16", "BADC"), {0x3412}).as.u64, 0x1234u);
    EXPECT_EQ(decoded(format_of("u16", "CDAB"), {0x1234}).as.u64, 0x1234u);
}

TEST(ModbusCodec, FailsAPointWhoseDigitsAreNoBcd) {
    EXPECT_EQ(decoded(format_of("bcd16"), {0x12A4}).error, FL_CODE_OUT_OF_RANGE);
    EXPECT_EQ(decoded(format_of("bcd32"), {0xF234, 0x5678}).error, FL_CODE_OUT_OF_RANGE);
}

TEST(ModbusCodec, TakesBitsOfANumber) {
    RegisterFormat format = format_of("u16");
    format.bits = BitField{3, 3, true};
    EXPECT_EQ(decoded(format, {0x0008}).kind, FL_VALUE_BOOLEAN);
    EXPECT_EQ(decoded(format, {0x0008}).as.s64, 1);
    EXPECT_EQ(decoded(format, {0xFFF7}).as.s64, 0);
    format.bits = BitField{4, 7, false};
    EXPECT_EQ(decoded(format, {0x0FA5}).kind, FL_VALUE_U64);
    EXPECT_EQ(decoded(format, {0x0FA5}).as.u64, 0xAu);
}

TEST(ModbusCodec, TakesBitsAcrossRegistersAfterOrderingThem) {
    RegisterFormat format = format_of("u32", "CDAB");
    format.bits = BitField{12, 19, false};
    EXPECT_EQ(decoded(format, {0x5678, 0x1234}).as.u64, 0x45u);
    format = format_of("u64");
    format.bits = BitField{0, 63, false};
    EXPECT_EQ(decoded(format, {0x8000, 0, 0, 1}).as.u64, 0x8000'0000'0000'0001u);
}

TEST(ModbusCodec, EndsAStringAtANulAndTrimsIt) {
    RegisterFormat format = format_of("string");
    format.registers = 4;
    EXPECT_EQ(text_of(decoded(format, {0x2041, 0x4220, 0x0043, 0x4343})), "AB");
    EXPECT_EQ(text_of(decoded(format, {0x4142, 0x4344, 0x4546, 0x4748})), "ABCDEFGH");
    EXPECT_EQ(text_of(decoded(format, {0x2020, 0x2020, 0x2020, 0x0000})), "");
    format.order = WordOrder{false, true};
    EXPECT_EQ(text_of(decoded(format, {0x4241, 0x4443, 0x0045, 0})), "ABCDE");
}

struct Encoding {
    fl_status status;
    Registers registers;
};

Encoding encoded(const RegisterFormat& format, const fl_value& value) {
    Registers registers(format.registers, 0xEEEE);
    const fl_status status = encode(format, value, registers.data()).status;
    return {status, registers};
}

TEST(ModbusCodec, WritesInEveryOrder) {
    const fl_value value = Value::of(std::uint64_t{0xAABBCCDD});
    EXPECT_EQ(encoded(format_of("u32", "ABCD"), value).registers, Registers({0xAABB, 0xCCDD}));
    EXPECT_EQ(encoded(format_of("u32", "CDAB"), value).registers, Registers({0xCCDD, 0xAABB}));
    EXPECT_EQ(encoded(format_of("u32", "BADC"), value).registers, Registers({0xBBAA, 0xDDCC}));
    EXPECT_EQ(encoded(format_of("u32", "DCBA"), value).registers, Registers({0xDDCC, 0xBBAA}));
}

TEST(ModbusCodec, WritesTheLimitsOfEachTypeAndRefusesWhatIsBeyond) {
    const auto of = [](std::int64_t number) { return Value::of(number); };
    EXPECT_EQ(encoded(format_of("u16"), of(65535)).registers, Registers({0xFFFF}));
    EXPECT_EQ(encoded(format_of("u16"), of(65536)).status, FL_REJECTED);
    EXPECT_EQ(encoded(format_of("u16"), of(-1)).status, FL_REJECTED);
    EXPECT_EQ(encoded(format_of("s16"), of(-32768)).registers, Registers({0x8000}));
    EXPECT_EQ(encoded(format_of("s16"), of(-32769)).status, FL_REJECTED);
    EXPECT_EQ(encoded(format_of("s16"), of(32768)).status, FL_REJECTED);
    EXPECT_EQ(encoded(format_of("s32"), of(-2147483648)).registers, Registers({0x8000, 0}));
    EXPECT_EQ(encoded(format_of("s32"), of(2147483648)).status, FL_REJECTED);
    EXPECT_EQ(encoded(format_of("bcd16"), of(9999)).registers, Registers({0x9999}));
    EXPECT_EQ(encoded(format_of("bcd16"), of(10000)).status, FL_REJECTED);
    EXPECT_EQ(encoded(format_of("bcd32"), of(12345678)).registers, Registers({0x1234, 0x5678}));
    EXPECT_EQ(encoded(format_of("u64"), Value::of(std::uint64_t{UINT64_MAX})).registers, Registers(4, 0xFFFF));
    EXPECT_EQ(encoded(format_of("s64"), Value::of(std::uint64_t{UINT64_MAX})).status, FL_REJECTED);
}

TEST(ModbusCodec, RoundsADecimalToWhatARegisterHolds) {
    EXPECT_EQ(encoded(format_of("u16"), Value::of(599.9999999)).registers, Registers({600}));
    EXPECT_EQ(encoded(format_of("s16"), Value::of(-1.6)).registers, Registers({0xFFFE}));
    EXPECT_EQ(encoded(format_of("u16"), Value::of(65535.6)).status, FL_REJECTED);
    EXPECT_EQ(encoded(format_of("u64"), Value::of(18446744073709551616.0)).status, FL_REJECTED);
}

TEST(ModbusCodec, RefusesWhatIsNoNumber) {
    EXPECT_EQ(encoded(format_of("u16"), Value::of(std::nan(""))).status, FL_REJECTED);
    EXPECT_EQ(encoded(format_of("f32"), Value::of(std::nan(""))).status, FL_REJECTED);
    EXPECT_EQ(encoded(format_of("f32"), Value::of(1e39)).status, FL_REJECTED);
    EXPECT_EQ(encoded(format_of("f64"), Value::of(std::numeric_limits<double>::infinity())).status, FL_REJECTED);
    EXPECT_EQ(encoded(format_of("u16"), Value::text("12")).status, FL_REJECTED);
    EXPECT_EQ(encoded(format_of("u16"), Value::boolean(true)).status, FL_REJECTED);
}

TEST(ModbusCodec, SaysWhatDoesNotFit) {
    std::uint16_t registers[1];
    const Outcome outcome = encode(format_of("u16"), Value::of(std::int64_t{70000}), registers);
    EXPECT_EQ(outcome.code, FL_CODE_OUT_OF_RANGE);
    EXPECT_EQ(outcome.message, "70000 (raw) does not fit type u16");
}

TEST(ModbusCodec, WritesAStringPaddedWithNuls) {
    RegisterFormat format = format_of("string");
    format.registers = 2;
    EXPECT_EQ(encoded(format, Value::text("ABC")).registers, Registers({0x4142, 0x4300}));
    EXPECT_EQ(encoded(format, Value::text("ABCDE")).status, FL_REJECTED);
    EXPECT_EQ(encoded(format, Value::of(1.0)).status, FL_REJECTED);
    format.order = WordOrder{false, true};
    EXPECT_EQ(encoded(format, Value::text("ABC")).registers, Registers({0x4241, 0x0043}));
}

/// Any registers, read as numbers of a type and written back, are the same registers.
TEST(ModbusCodec, WritesBackWhatItReadInEveryTypeAndOrder) {
    std::mt19937_64 random(1);
    for (const char* type : {"u16", "s16", "u32", "s32", "u64", "s64", "f32", "f64"}) {
        for (const char* order : {"ABCD", "CDAB", "BADC", "DCBA"}) {
            const RegisterFormat format = format_of(type, order);
            for (int i = 0; i < 500; ++i) {
                Registers registers(format.registers);
                for (std::uint16_t& word : registers)
                    word = static_cast<std::uint16_t>(random());
                fl_value value = decoded(format, registers);
                if (value.kind == FL_VALUE_F32) value = Value::of(double{value.as.f32});
                if (value.kind == FL_VALUE_F64 && !std::isfinite(value.as.f64)) continue;
                EXPECT_EQ(encoded(format, value).registers, registers) << type << " " << order;
            }
        }
    }
}

}  // namespace
}  // namespace fieldlink
