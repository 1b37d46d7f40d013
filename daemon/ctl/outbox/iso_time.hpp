#pragma once

#include <chrono>
#include <string>

namespace fieldlink {

/// `2025-11-24T16:00:00.120Z`. A time beyond the year 9999 is its number of milliseconds.
std::string iso_time(std::chrono::milliseconds unix_time);

}  // namespace fieldlink
