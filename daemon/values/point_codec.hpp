#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "drivers/driver_abi.h"

namespace fieldlink {

/// The words of `error.code` in messages, for FL_CODE_….
std::string_view error_name(std::uint32_t code);

/// One point between its driver's raw value and its value in messages: value = raw × scale + offset, computed in
/// decimals, so that no float noise appears. Integers beyond ±(2^53−1) become decimal strings, since JSON readers
/// hold numbers as doubles; an unscaled f32 is the shortest decimal that reads back as the same f32.
class PointCodec {
public:
    explicit PointCodec(const PointConfig& config);

    /// Appends `"name":value,` to `values`, or `"name":{"code":…},` to `errors` if the point has no value. Text is made
    /// valid UTF-8.
    void append(const fl_value& raw, std::string& values, std::string& errors) const;

    /// Appends the value alone. False, and nothing appended, if there is none (an error, NaN or infinity).
    bool append_value(const fl_value& raw, std::string& json) const;

    /// The raw value to write for the JSON text `value`: true, false, a number, or one as a string as they are
    /// published beyond ±(2^53−1). Exact where a register can be. Absent if it is none of these or outside of min and
    /// max; `why_not` then tells the person who sent it.
    std::optional<fl_value> encode(std::string_view value, std::string& why_not) const;

    const std::string& name() const { return name_; }
    bool writable() const { return writable_; }

private:
    bool append_scaled(const fl_value& raw, std::string& json) const;
    bool within_limits(double number, std::string_view digits, std::string& why_not) const;
    std::optional<fl_value> encode_number(std::string_view value, std::string& why_not) const;

    std::string name_;
    std::string key_;  ///< `"name":`
    std::optional<Decimal> scale_, offset_;
    std::optional<double> min_, max_;
    bool writable_;
};

}  // namespace fieldlink
