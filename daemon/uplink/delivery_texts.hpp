#pragma once

#include <string>

#include "daemon/uplink/frames.hpp"
#include "daemon/uplink/reactions.hpp"
#include "daemon/uplink/send_window.hpp"

/// What is said to people about messages. Pure.
namespace fieldlink {

/// What a flight carries: "message 418", "readings 0-119 of message 418", "3 messages (1 to 3)".
std::string messages_of(const Flight& flight);

/// The service refuses a flight for now.
std::string refusal_text(const Flight& flight, const ServiceError& error, const Refusal& why, milliseconds delay);

}  // namespace fieldlink
