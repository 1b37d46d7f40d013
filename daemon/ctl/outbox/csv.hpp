#pragma once

#include <string>

#include "daemon/json/reader.hpp"

namespace fieldlink {

/// `ts,sensor,point,value,error,messageId` with its line end: RFC 4180, lines end in CRLF.
std::string csv_header();

/// A row for each value and each error of a published message's readings; empty for a message without readings. A
/// sensor that failed as a whole has an empty point. Times are ISO 8601 in UTC, with milliseconds. `for_screen` makes
/// what devices have said harmless for a terminal; else it is passed on as it is.
std::string csv_rows(JsonValue message, bool for_screen);

}  // namespace fieldlink
