#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/config.hpp"

/// The notations of numbers, durations and sizes. Pure; absent means that the text is not of that notation.
namespace fieldlink {

/// "500ms", "10s", "5m", "24h", "7d".
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// "512B", "64KiB", "256MiB", "2GiB".
std::optional<std::uint64_t> parse_size(std::string_view text);

/// "42", "-7", "0x76". Not "010", which some read as eight.
std::optional<std::int64_t> parse_whole(std::string_view text);

/// "0.5", "80", "1e3"; finite.
std::optional<double> parse_number(std::string_view text);

/// "0.1", "-25", "1e-3", exactly. Absent also when it has too many digits, or an exponent beyond ±18.
std::optional<Decimal> parse_decimal_scalar(std::string_view text);

/// The shortest way to write it: 90'000 ms is "90s", 65'536 is "64KiB".
std::string format_duration(std::chrono::milliseconds duration);
std::string format_size(std::uint64_t size);
std::string format_number(double number);

/// What somebody who wrote "10 sec" or "64KB" most likely meant: "10s", "64KiB".
std::optional<std::string> repaired_duration(std::string_view text);
std::optional<std::string> repaired_size(std::string_view text);

}  // namespace fieldlink
