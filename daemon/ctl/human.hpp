#pragma once

#include <chrono>
#include <cstdint>
#include <string>

/// Quantities as a person reads them.
namespace fieldlink {

/// The two largest units of a span: "0 s", "45 s", "12 min 5 s", "3 h 10 min", "4 d 2 h". A negative span (clocks are
/// stepped) is "0 s".
std::string span_text(std::chrono::milliseconds span);

/// A moment in local time, to the second: "2025-11-24 14:03:11".
std::string moment_text(std::chrono::milliseconds unix_time);

/// "812 B", "48.0 KiB", "256 MiB": three digits.
std::string bytes_text(std::uint64_t bytes);

/// "1 message", "3 messages".
std::string count_text(std::uint64_t count, const std::string& noun);

/// "1st", "2nd", "8th", "512th".
std::string ordinal_text(std::uint64_t number);

}  // namespace fieldlink
