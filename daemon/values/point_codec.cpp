#include "daemon/values/point_codec.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

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

/// The shortest decimal that reads back. Beyond the whole numbers that each float has, the plain form would show digits
/// that the device never sent: 1124325785600 where it said 1.1243258e+12.
template <class Float>
void append_float(std::string& json, Float number) {
    constexpr Float kWholeEnd = static_cast<Float>(std::uint64_t{1} << std::numeric_limits<Float>::digits);
    if (std::abs(number) < kWholeEnd) return append_number(json, number);
    char text[40];
    const auto end = std::to_chars(text, text + sizeof text, number, std::chars_format::scientific).ptr;
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

/// Whether the part before the point is one that every JSON reader holds exactly.
bool fits_double(const WideDecimal& value) {
    // 16 digits decide; the mantissas of nearly all points are far smaller than that.
    if (value.exponent <= 0 && value.mantissa >= -kMaxSafe && value.mantissa <= kMaxSafe) return true;
    const double magnitude = std::abs(static_cast<double>(value.mantissa)) * std::pow(10.0, value.exponent);
    return magnitude <= static_cast<double>(kMaxSafe);
}

void append_scaled_decimal(std::string& json, const WideDecimal& value, bool as_string) {
    if (as_string) json += '"';
    append_decimal(json, value);
    if (as_string) json += '"';
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

/// What a register of any width holds, or else the nearest double.
fl_value make_number(const WideDecimal& value, const WideDecimal& scale, double inexact) {
    int128 whole = 0;
    fl_value raw{};
    if (!divide_to_whole(value, scale, whole) || whole < INT64_MIN || whole > static_cast<int128>(UINT64_MAX)) {
        raw.kind = FL_VALUE_F64;
        raw.as.f64 = inexact;
    } else if (whole > INT64_MAX) {
        raw.kind = FL_VALUE_U64;
        raw.as.u64 = static_cast<std::uint64_t>(whole);
    } else {
        raw.kind = FL_VALUE_S64;
        raw.as.s64 = static_cast<std::int64_t>(whole);
    }
    return raw;
}

/// Integers that a double cannot hold are sent, and taken back, as strings.
std::string_view without_quotes(std::string_view json) {
    const bool quoted = json.size() > 2 && json.front() == '"' && json.back() == '"';
    return quoted ? json.substr(1, json.size() - 2) : json;
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
            append_float(json, raw.as.f32);
            return true;
        case FL_VALUE_F64:
            append_float(json, raw.as.f64);
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
        const bool from_integer = raw.kind == FL_VALUE_S64 || raw.kind == FL_VALUE_U64;
        append_scaled_decimal(json, value, from_integer && !fits_double(value));
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
    const std::string_view digits = without_quotes(value);
    WideDecimal exact;
    double number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (!parse_decimal(digits, exact) || !std::isfinite(number)) {
        why_not = name_ + ": the value must be a number, true or false";
        return std::nullopt;
    }
    if (!within_limits(number, digits, why_not)) return std::nullopt;
    const Decimal scale = scale_.value_or(Decimal{});
    const double offset = offset_ ? to_double(*offset_) : 0;
    const double inexact = (number - offset) / to_double(scale);
    if (offset_ && !add(exact, {-int128{offset_->mantissa}, offset_->exponent})) return std::nullopt;
    return make_number(exact, widen(scale), inexact);
}

bool PointCodec::within_limits(double number, std::string_view digits, std::string& why_not) const {
    const bool below = min_ && number < *min_, above = max_ && number > *max_;
    if (!below && !above) return true;
    why_not = name_ + ": " + std::string(digits) + (below ? " is below min " : " is above max ");
    append_number(why_not, below ? *min_ : *max_);
    return false;
}

}  // namespace fieldlink
