#pragma once

#include <chrono>
#include <string>

#include "drivers/modbus/bus_settings.hpp"

namespace fieldlink {

/// Connects to `address`, trying what its name resolves to one after the other until `timeout` is over. The result is a
/// non-blocking socket that the caller closes, or -1 with the reason in `why_not`. A name that is no address is
/// resolved first, which takes as long as the system's resolver takes.
int connect_tcp(const TcpAddress& address, std::chrono::milliseconds timeout, std::string& why_not);

/// True if nothing waits to be read and the other side has not closed: what comes next answers the next request.
bool is_quiet(int socket);

}  // namespace fieldlink
