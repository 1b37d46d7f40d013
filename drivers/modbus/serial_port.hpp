#pragma once

#include <chrono>
#include <string>

#include "drivers/modbus/bus_settings.hpp"

namespace fieldlink {

/// How long the line must be silent until a frame on it is over for sure: 3.5 characters by the specification, and not
/// less than the 16 ms at which USB adapters hand over what they received.
std::chrono::milliseconds frame_silence(const SerialSettings& settings);

/// How long the longest frame takes on the line.
std::chrono::milliseconds longest_frame(const SerialSettings& settings);

/// Throws away what arrives at `port` until the line was silent for frame_silence(), at most for the longest frame
/// more.
void drain(int port, const SerialSettings& settings);

/// Why `device` could not be opened, with what to do about it.
std::string explain_open_failure(const std::string& device, int error);

}  // namespace fieldlink
