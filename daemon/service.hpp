#pragma once

#include <string>

/// The service manager's side of the daemon (sd_notify). Without NOTIFY_SOCKET every call does nothing.
/// [net thread]
namespace fieldlink::service {

void ready();
void stopping();

/// One line for `systemctl status`.
void status(const std::string& line);

/// To be called every few seconds; a unit allows a minute or more.
void feed_watchdog();

}  // namespace fieldlink::service
