#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ctl/status_report.hpp"
#include "daemon/ctl/tail_view.hpp"

/// The daemon's lines as values. A daemon of another version may say more, less or something else: none of that is an
/// error here.
namespace fieldlink {

/// Why the daemon refused, printable; empty if it did not. A line that is no JSON object counts as a refusal.
std::string refusal_in(std::string_view line);

/// The answer to `status`; absent if the line is none.
std::optional<StatusReport> status_in(std::string_view line);

/// The JSON of the status in the answer to `status`; empty if the line is none.
std::string status_json_in(std::string_view line);

/// The JSON of its outbox in the answer to `status`; empty if the line is none.
std::string outbox_json_in(std::string_view line);

/// What that JSON says.
StatusReport::Outbox outbox_stats_in(std::string_view json);

/// The text in the answer to `metrics`.
std::string metrics_in(std::string_view line);

/// The JSON of the result in the answer to `command`; empty if the line is none.
std::string result_json_in(std::string_view line);

/// The names of the sensors in the answer to `status`, and of the points of one that has been read. Only those that a
/// shell takes as they are.
std::vector<std::string> sensor_names_in(std::string_view line);
std::vector<std::string> point_names_in(std::string_view line, std::string_view sensor);

/// A reading of `tail`; absent if the line is none.
std::optional<TailReading> reading_in(std::string_view line);

}  // namespace fieldlink
