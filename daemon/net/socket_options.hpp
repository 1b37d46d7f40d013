#pragma once

#include <cstddef>

namespace fieldlink {

/// Prepares a connected TCP socket for the uplink: nothing waits to be coalesced, little waits in the kernel, so that
/// what was sent has left, and a dead link ends the connection after 25 s. Options that the kernel refuses are left.
void tune_uplink_socket(int socket);

/// Bytes in the kernel that the other side's TCP has not confirmed; 0 if the socket is none.
std::size_t unconfirmed_bytes(int socket);

}  // namespace fieldlink
