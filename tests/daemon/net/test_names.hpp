#pragma once

namespace fieldlink::test {

/// While it lives, this program's getaddrinfo() does not come back for `hangs.test`, as with a resolver whose servers
/// do not answer. For `two.test` it always knows ::1 and 127.0.0.1; other names are the system's.
class HangingNames {
public:
    HangingNames();

    /// Lets those go that hang, and waits until they have gone.
    ~HangingNames();
    HangingNames(const HangingNames&) = delete;
    HangingNames& operator=(const HangingNames&) = delete;

    /// Threads that hang now.
    static unsigned hanging();
};

}  // namespace fieldlink::test
