#pragma once

#include <string>
#include <string_view>

namespace fieldlink {

/// Appends text from a device as a JSON string, quotes included. What is not valid UTF-8 becomes U+FFFD, so that no
/// device can make a frame that the service refuses (close code 1007).
void append_device_text(std::string& json, std::string_view text);

}  // namespace fieldlink
