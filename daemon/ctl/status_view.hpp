#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "daemon/ctl/status_report.hpp"
#include "daemon/ctl/table.hpp"

namespace fieldlink {

/// The whole of `fieldlinkctl status` for a person, ending in a line break. What needs attention stands first: sensors
/// that fail, then idle ones, then the others, each in the daemon's order. Values are cut at `width` columns (0: not at
/// all); errors never are.
std::string status_text(const StatusReport& report, std::chrono::milliseconds now, Style style, std::size_t width);

/// `outbox_full 1100, disk_error 100`: readings by the reason that gap records give; empty if none was dropped.
std::string reasons_text(const StatusReport::Outbox& outbox);

/// What is out of the ordinary about the outbox at present, a line each: a replay under way, messages that are only in
/// memory, thinning, salvaging.
std::vector<std::string> outbox_notes(const StatusReport::Outbox& outbox);

/// green, yellow or red for a state of the uplink, the storage, the clock, a bus or a sensor.
Colour colour_of(const std::string& state);

/// `5 s ago`; `never` for a time of 0.
std::string ago_text(std::chrono::milliseconds then, std::chrono::milliseconds now);

}  // namespace fieldlink
