#pragma once

namespace fieldlink::test {

/// This program's getaddrinfo() knows one name that ends in `.test`: `two.test` with ::1 and 127.0.0.1. While this
/// lives, it does not come back for any of them, as with a resolver whose servers do not answer. Other names are the
/// system's.
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
