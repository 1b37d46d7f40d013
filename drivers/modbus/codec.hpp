#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "drivers/driver_plugin.hpp"

/// What registers mean. Pure, and allocates nothing while decoding.
namespace fieldlink {

enum class ValueType { u16, s16, u32, s32, u64, s64, f32, f64, bcd16, bcd32, string };

/// How a value of several bytes lies in registers, in the notation of the manuals: ABCD is as on the wire, CDAB has the
/// low register first, BADC the low byte of each register first, DCBA both. The same holds for four registers, and
/// for the two bytes of one.
struct WordOrder {
    bool low_register_first = false;
    bool low_byte_first = false;
};

/// Bits of the assembled number, 0 is the least significant. A single one is a boolean, a range an unsigned number.
struct BitField {
    unsigned first = 0, last = 0;
    bool single = true;
};

struct RegisterFormat {
    ValueType type = ValueType::u16;
    WordOrder order;
    std::optional<BitField> bits;  ///< only with u16, u32, u64
    std::size_t registers = 1;     ///< that the value takes
};

/// Registers of one value; 0 for a string, whose length the operator gives.
std::size_t registers_of(ValueType type);

std::optional<ValueType> value_type(std::string_view word);
std::string_view to_string(ValueType type);
std::optional<WordOrder> word_order(std::string_view word);

/// The value in `registers`. A string is written to `text`, which has room for 2 × format.registers bytes and which the
/// value points to; it ends at a NUL and is trimmed of blanks. Digits that are no BCD are FL_CODE_OUT_OF_RANGE.
fl_value decode(const RegisterFormat& format, const std::uint16_t* registers, char* text);

/// Puts `value` into `registers`. A number with decimals is rounded to what the type can hold; one out of its range, or
/// a text where a number belongs, is FL_REJECTED. Not for bit fields.
Outcome encode(const RegisterFormat& format, const fl_value& value, std::uint16_t* registers);

}  // namespace fieldlink
