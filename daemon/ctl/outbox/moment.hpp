#pragma once

#include <chrono>
#include <string_view>

namespace fieldlink {

/// A moment as an operator writes it, in Unix time:
///
///     90s 30m 2h 1d 2w                     so long before `now`
///     1764000000000                        Unix time in milliseconds
///     2025-11-24  2025-11-24T14:03[:11[.250]]   local time; a blank may stand for the T
///     2025-11-24T14:03:11Z  …+01:00        with Z or an offset, that of the offset
///
/// Throws UsageError, whose text says what to write instead.
std::chrono::milliseconds parse_moment(std::string_view text, std::chrono::milliseconds now);

}  // namespace fieldlink
