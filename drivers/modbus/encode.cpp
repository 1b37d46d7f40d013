#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>

#include "drivers/modbus/codec.hpp"

namespace fieldlink {
namespace {

/// The integer nearest to `value`, if T can hold it.
template <class T>
std::optional<T> nearest(const fl_value& value) {
    using Limits = std::numeric_limits<T>;
    if (value.kind == FL_VALUE_U64) {
        if (value.as.u64 > static_cast<std::uint64_t>(Limits::max())) return std::nullopt;
        return static_cast<T>(value.as.u64);
    }
    if (value.kind == FL_VALUE_S64) {
        const std::int64_t number = value.as.s64;
        if (number >= 0) return nearest<T>(Value::of(static_cast<std::uint64_t>(number)));
        if (!Limits::is_signed || number < static_cast<std::int64_t>(Limits::min())) return std::nullopt;
        return static_cast<T>(number);
    }
    // The largest 64-bit integers are no doubles, the power of two above them is.
    const double rounded = std::nearbyint(value.as.f64);
    const double above = std::ldexp(1.0, Limits::digits);
    if (!(rounded >= (Limits::is_signed ? -above : 0.0) && rounded < above)) return std::nullopt;
    return static_cast<T>(rounded);
}

template <class T>
std::optional<std::uint64_t> nearest_bits(const fl_value& value) {
    const std::optional<T> number = nearest<T>(value);
    if (!number) return std::nullopt;
    return static_cast<std::uint64_t>(*number);
}

std::optional<std::uint64_t> bcd_digits(const fl_value& value, unsigned digits) {
    std::optional<std::uint32_t> number = nearest<std::uint32_t>(value);
    if (!number || *number >= std::pow(10, digits)) return std::nullopt;
    std::uint64_t bits = 0;
    for (unsigned shift = 0; *number > 0; shift += 4, *number /= 10)
        bits |= std::uint64_t{*number % 10} << shift;
    return bits;
}

std::optional<std::uint64_t> float_bits(double number) {
    if (!(std::fabs(number) <= std::numeric_limits<float>::max())) return std::nullopt;
    const auto single = static_cast<float>(number);
    std::uint32_t bits;
    std::memcpy(&bits, &single, sizeof bits);
    return bits;
}

std::optional<std::uint64_t> double_bits(double number) {
    if (!std::isfinite(number)) return std::nullopt;
    std::uint64_t bits;
    std::memcpy(&bits, &number, sizeof bits);
    return bits;
}

std::optional<std::uint64_t> number_bits(ValueType type, const fl_value& value) {
    switch (type) {
        case ValueType::u16:
            return nearest_bits<std::uint16_t>(value);
        case ValueType::s16:
            return nearest_bits<std::int16_t>(value);
        case ValueType::u32:
            return nearest_bits<std::uint32_t>(value);
        case ValueType::s32:
            return nearest_bits<std::int32_t>(value);
        case ValueType::u64:
            return nearest_bits<std::uint64_t>(value);
        case ValueType::s64:
            return nearest_bits<std::int64_t>(value);
        case ValueType::f32:
            return float_bits(*Value::number(value));
        case ValueType::f64:
            return double_bits(*Value::number(value));
        case ValueType::bcd16:
            return bcd_digits(value, 4);
        case ValueType::bcd32:
            return bcd_digits(value, 8);
        case ValueType::string:
            break;
    }
    return std::nullopt;
}

std::uint16_t in_byte_order(const WordOrder& order, std::uint64_t word) {
    const auto high_first = static_cast<std::uint16_t>(word);
    return order.low_byte_first ? static_cast<std::uint16_t>((high_first << 8) | (high_first >> 8)) : high_first;
}

Outcome encode_text(const RegisterFormat& format, std::string_view text, std::uint16_t* registers) {
    if (text.size() > 2 * format.registers)
        return Outcome::rejected(FL_CODE_OUT_OF_RANGE, "the text is longer than the " +
                                                           std::to_string(2 * format.registers) + " bytes it goes to");
    for (std::size_t i = 0; i < format.registers; ++i) {
        const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u; };
        registers[i] = in_byte_order(format.order, byte(2 * i) << 8 | byte(2 * i + 1));
    }
    return Outcome::ok();
}

}  // namespace

Outcome encode(const RegisterFormat& format, const fl_value& value, std::uint16_t* registers) {
    const std::string type(to_string(format.type));
    if (format.type == ValueType::string && value.kind == FL_VALUE_TEXT)
        return encode_text(format, {value.as.text, value.text_size}, registers);
    const std::optional<double> number = Value::number(value);
    if (format.type == ValueType::string || !number)
        return Outcome::rejected(FL_CODE_ILLEGAL_VALUE, "the value is not of type " + type);

    const std::optional<std::uint64_t> bits = number_bits(format.type, value);
    if (!bits) {
        char shown[32];
        std::snprintf(shown, sizeof shown, "%.17g", *number);
        return Outcome::rejected(FL_CODE_OUT_OF_RANGE, std::string(shown) + " (raw) does not fit type " + type);
    }
    for (std::size_t i = 0; i < format.registers; ++i) {
        const std::size_t at = format.order.low_register_first ? i : format.registers - 1 - i;
        registers[at] = in_byte_order(format.order, *bits >> 16 * i);
    }
    return Outcome::ok();
}

}  // namespace fieldlink
