#pragma once

#include <optional>
#include <string>

#include "daemon/json/reader.hpp"
#include "storage/range.hpp"

namespace fieldlink {

/// Which messages a `replay` command means: {"from_seq":N,"to_seq":N,"epoch":TEXT?} or {"from_ts":MS,"to_ts":MS}, both
/// ends included. Absent if it does not say so; `why_not` is then what to write instead.
std::optional<Range> read_replay_range(const JsonValue& message, std::string& why_not);

}  // namespace fieldlink
