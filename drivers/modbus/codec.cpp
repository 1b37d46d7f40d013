#include "drivers/modbus/codec.hpp"

#include <algorithm>
#include <cstring>

namespace fieldlink {
namespace {

struct TypeRow {
    ValueType type;
    std::string_view word;
    std::size_t registers;
};

constexpr TypeRow kTypes[] = {
    {ValueType::u16, "u16", 1},     {ValueType::s16, "s16", 1},       {ValueType::u32, "u32", 2},
    {ValueType::s32, "s32", 2},     {ValueType::u64, "u64", 4},       {ValueType::s64, "s64", 4},
    {ValueType::f32, "f32", 2},     {ValueType::f64, "f64", 4},       {ValueType::bcd16, "bcd16", 1},
    {ValueType::bcd32, "bcd32", 2}, {ValueType::string, "string", 0},
};

const TypeRow& row_of(ValueType type) {
    return *std::find_if(std::begin(kTypes), std::end(kTypes), [&](const TypeRow& row) { return row.type == type; });
}

std::uint16_t swapped(std::uint16_t word) {
    return static_cast<std::uint16_t>((word << 8) | (word >> 8));
}

/// The number whose most significant byte is A.
std::uint64_t assemble(const RegisterFormat& format, const std::uint16_t* registers) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < format.registers; ++i) {
        const std::size_t at = format.order.low_register_first ? format.registers - 1 - i : i;
        number = number << 16 | (format.order.low_byte_first ? swapped(registers[at]) : registers[at]);
    }
    return number;
}

template <class To, class From>
To same_bits(From from) {
    static_assert(sizeof(To) == sizeof(From));
    To to;
    std::memcpy(&to, &from, sizeof to);
    return to;
}

fl_value bit_field(const BitField& bits, std::uint64_t number) {
    if (bits.single) return Value::boolean((number >> bits.first & 1) != 0);
    const unsigned width = bits.last - bits.first + 1;
    const std::uint64_t mask = width == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
    return Value::of(number >> bits.first & mask);
}

fl_value bcd(std::uint64_t digits) {
    std::uint64_t number = 0;
    for (unsigned shift = 32; shift > 0; shift -= 4) {
        const std::uint64_t digit = digits >> (shift - 4) & 0xF;
        if (digit > 9) return Value::failed(FL_CODE_OUT_OF_RANGE);
        number = number * 10 + digit;
    }
    return Value::of(number);
}

bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

fl_value string(const RegisterFormat& format, const std::uint16_t* registers, char* text) {
    for (std::size_t i = 0; i < format.registers; ++i) {
        const std::uint16_t word = format.order.low_byte_first ? swapped(registers[i]) : registers[i];
        text[2 * i] = static_cast<char>(word >> 8);
        text[2 * i + 1] = static_cast<char>(word & 0xFF);
    }
    const char* end = std::find(text, text + 2 * format.registers, '\0');
    const char* first = text;
    while (first != end && is_blank(*first))
        ++first;
    while (end != first && is_blank(end[-1]))
        --end;
    return Value::text({first, static_cast<std::size_t>(end - first)});
}

}  // namespace

std::size_t registers_of(ValueType type) {
    return row_of(type).registers;
}

std::string_view to_string(ValueType type) {
    return row_of(type).word;
}

std::optional<ValueType> value_type(std::string_view word) {
    for (const TypeRow& row : kTypes) {
        if (row.word == word) return row.type;
    }
    return std::nullopt;
}

std::optional<WordOrder> word_order(std::string_view word) {
    if (word == "ABCD") return WordOrder{false, false};
    if (word == "CDAB") return WordOrder{true, false};
    if (word == "BADC") return WordOrder{false, true};
    if (word == "DCBA") return WordOrder{true, true};
    return std::nullopt;
}

fl_value decode(const RegisterFormat& format, const std::uint16_t* registers, char* text) {
    if (format.type == ValueType::string) return string(format, registers, text);
    const std::uint64_t number = assemble(format, registers);
    if (format.bits) return bit_field(*format.bits, number);
    switch (format.type) {
        case ValueType::s16:
            return Value::of(std::int64_t{static_cast<std::int16_t>(number)});
        case ValueType::s32:
            return Value::of(std::int64_t{static_cast<std::int32_t>(number)});
        case ValueType::s64:
            return Value::of(static_cast<std::int64_t>(number));
        case ValueType::f32:
            return Value::of(same_bits<float>(static_cast<std::uint32_t>(number)));
        case ValueType::f64:
            return Value::of(same_bits<double>(number));
        case ValueType::bcd16:
        case ValueType::bcd32:
            return bcd(number);
        case ValueType::u16:
        case ValueType::u32:
        case ValueType::u64:
        case ValueType::string:
            break;
    }
    return Value::of(number);
}

}  // namespace fieldlink
