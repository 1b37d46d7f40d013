#include "daemon/values/point_codec.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "daemon/values/decimal_text.hpp"
#include "daemon/values/device_text.hpp"

namespace fieldlink {
namespace {

constexpr std::int64_t kMaxSafe = (std::int64_t{1} << 53) - 1;  // what every JSON reader holds exactly

constexpr std::array<std::string_view, 10> kErrorCodes{"no_value",      "timeout",        "refused", "illegal_address",
                                                       "illegal_value", "device_failure", "crc",     "disconnected",
                                                       "bad_frame",     "out_of_range"};

template <class Number>
void append_number(std::string& json, Number number) {
    char text[40];
    const auto end = std::to_chars(text, text + sizeof text, number).ptr;
    json.append(text, end);
}

template <class Integer>
void append_integer(std::string& json, Integer number, bool safe) {
    if (!safe) json += '"';
    append_number(json, number);
    if (!safe) json += '"';
}

WideDecimal widen(const Decimal& decimal) {
    return {decimal.mantissa, decimal.exponent};
}

double to_double(const Decimal& decimal) {
    return static_cast<double>(static_cast<long double>(decimal.mantissa) *
                               std::pow(10.0L, static_cast<long double>(decimal.exponent)));
}

/// The shortest decimal that reads back as this float: what a person would say the device sent.
template <class Float>
WideDecimal shortest(Float number) {
    char text[40];
    const auto end = std::to_chars(text, text + sizeof text, number, std::chars_format::scientific).ptr;
    WideDecimal decimal;
    parse_decimal({text, static_cast<std::size_t>(end - text)}, decimal);
    return decimal;
}

bool is_finite(const fl_value& raw) {
    if (raw.kind == FL_VALUE_F32) return std::isfinite(raw.as.f32);
    if (raw.kind == FL_VALUE_F64) return std::isfinite(raw.as.f64);
    return true;
}

WideDecimal exact(const fl_value& raw) {
    switch (raw.kind) {
        case FL_VALUE_F32:
            return shortest(raw.as.f32);
        case FL_VALUE_F64:
            return shortest(raw.as.f64);
        case FL_VALUE_U64:
            return {static_cast<int128>(raw.as.u64), 0};
        default:
            return {raw.as.s64, 0};
    }
}

fl_value make_boolean(bool on) {
    fl_value value{};
    value.kind = FL_VALUE_BOOLEAN;
    value.as.s64 = on ? 1 : 0;
    return value;
}

/// A whole number if it is one within what ten digits of arithmetic can tell: 71.5 ÷ 0.1 is 715.
fl_value make_number(long double raw) {
    const long double whole = std::round(raw);
    fl_value value{};
    if (std::abs(raw - whole) <= 1e-9L * std::max(1.0L, std::abs(raw)) && std::abs(whole) < 9.2e18L) {
        value.kind = FL_VALUE_S64;
        value.as.s64 = static_cast<std::int64_t>(whole);
    } else {
        value.kind = FL_VALUE_F64;
        value.as.f64 = static_cast<double>(raw);
    }
    return value;
}

}  // namespace

std::string_view error_name(std::uint32_t code) {
    return code < kErrorCodes.size() ? kErrorCodes[code] : "device_failure";
}

PointCodec::PointCodec(const PointConfig& config)
    : name_(config.name),
      key_("\"" + config.name + "\":"),
      scale_(config.scale),
      offset_(config.offset),
      min_(config.min),
      max_(config.max),
      writable_(config.writable) {}

void PointCodec::append(const fl_value& raw, std::string& values, std::string& errors) const {
    const std::size_t before = values.size();
    values += key_;
    if (append_value(raw, values)) {
        values += ',';
        return;
    }
    values.resize(before);
    errors.append(key_).append(R"({"code":")").append(error_name(raw.error)).append("\"},");
}

bool PointCodec::append_value(const fl_value& raw, std::string& json) const {
    if (raw.error != FL_CODE_NONE || !is_finite(raw)) return false;
    const bool number = raw.kind >= FL_VALUE_S64 && raw.kind <= FL_VALUE_F64;
    if (number && (scale_ || offset_)) return append_scaled(raw, json);
    switch (raw.kind) {
        case FL_VALUE_BOOLEAN:
            json += raw.as.s64 ? "true" : "false";
            return true;
        case FL_VALUE_S64:
            append_integer(json, raw.as.s64, raw.as.s64 >= -kMaxSafe && raw.as.s64 <= kMaxSafe);
            return true;
        case FL_VALUE_U64:
            append_integer(json, raw.as.u64, raw.as.u64 <= std::uint64_t{kMaxSafe});
            return true;
        case FL_VALUE_F32:
            append_number(json, raw.as.f32);
            return true;
        case FL_VALUE_F64:
            append_number(json, raw.as.f64);
            return true;
        case FL_VALUE_TEXT:
            append_device_text(json, {raw.as.text, raw.text_size});
            return true;
        default:
            return false;
    }
}

bool PointCodec::append_scaled(const fl_value& raw, std::string& json) const {
    WideDecimal value = exact(raw);
    if ((!scale_ || multiply(value, widen(*scale_))) && (!offset_ || add(value, widen(*offset_)))) {
        append_decimal(json, value);
        return true;
    }
    // Only floats of extreme size get here; for them a double's 15 digits are all there is.
    const double plain = raw.kind == FL_VALUE_F32 ? static_cast<double>(raw.as.f32) : raw.as.f64;
    const double scaled = plain * (scale_ ? to_double(*scale_) : 1) + (offset_ ? to_double(*offset_) : 0);
    if (!std::isfinite(scaled)) return false;
    append_number(json, scaled);
    return true;
}

std::optional<fl_value> PointCodec::encode(std::string_view value, std::string& why_not) const {
    if (value == "true") return make_boolean(true);
    if (value == "false") return make_boolean(false);
    return encode_number(value, why_not);
}

std::optional<fl_value> PointCodec::encode_number(std::string_view value, std::string& why_not) const {
    double number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size() || !std::isfinite(number)) {
        why_not = name_ + ": the value must be a number, true or false";
        return std::nullopt;
    }
    std::string limit;
    if (min_ && number < *min_) append_number(limit, *min_);
    if (max_ && number > *max_) append_number(limit, *max_);
    if (!limit.empty()) {
        why_not =
            name_ + ": " + std::string(value) + " is " + (min_ && number < *min_ ? "below min " : "above max ") + limit;
        return std::nullopt;
    }
    const long double from_zero = static_cast<long double>(number) - (offset_ ? to_double(*offset_) : 0);
    return make_number(from_zero / (scale_ ? to_double(*scale_) : 1));
}

}  // namespace fieldlink
