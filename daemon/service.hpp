#pragma once

#include <chrono>
#include <optional>
#include <string>

/// The service manager's side of the daemon (sd_notify). Without NOTIFY_SOCKET every call does nothing.
/// [net thread]
namespace fieldlink::service {

void ready();
void stopping();

/// One line for `systemctl status`.
void status(const std::string& line);

void feed_watchdog();

/// How often feed_watchdog() must be called: half of what the unit allows. Absent without a watchdog.
std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace fieldlink::service
