#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/yaml/section.hpp"

namespace fieldlink {

constexpr const char* kGatewayPlaceholder = "{gateway}";
constexpr const char* kSensorPlaceholder = "{sensor}";

/// Replaces {gateway} in the text of `field`. Absent, and reported, if another {placeholder} or a stray brace is in it;
/// those in `kept` stay as they are.
std::optional<std::string> fill_gateway(const Field& field, const std::string& text, const std::string& gateway,
                                        const std::vector<std::string>& kept, Report& report);

/// Reads the three channels, {gateway} filled in.
ChannelsConfig read_channels(Section& uplink, const std::string& gateway, Report& report);

/// `telemetry` for one sensor.
std::string channel_of(const std::string& telemetry, const std::string& sensor);

}  // namespace fieldlink
