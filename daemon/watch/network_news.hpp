#pragma once

#include <cstddef>
#include <map>
#include <string>

namespace fieldlink {

/// What of the kernel's route messages (rtnetlink(7)) is news for whoever waits for a way out: an address that came,
/// became usable or went, a new route, a link that came up. The kernel repeats itself, at each router advertisement or
/// scan of a wireless card: what was known already is no news. Pure: reads bytes, knows no socket.
class NetworkNews {
public:
    /// One datagram of the kernel's, aligned for a nlmsghdr. True if there is news in it.
    bool take(const void* datagram, std::size_t size);

    /// Messages were lost: what comes next may be known or not.
    void forget();

private:
    bool take_link(const void* body, std::size_t size, bool gone);
    bool take_address(const void* body, std::size_t size, bool gone);

    std::map<int, bool> links_;              ///< whether that interface was up
    std::map<std::string, bool> addresses_;  ///< whether it was usable; the key is of its bytes
};

}  // namespace fieldlink
