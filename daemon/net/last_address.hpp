#pragma once

#include <string>

namespace fieldlink {

/// The address at which a server answered last, for when its name cannot be resolved: the attempt after one that did
/// not resolve it goes there, the one after that asks again. Whether it is still the server is checked as always, by
/// its certificate. Pure.
class LastAddress {
public:
    /// An attempt begins. Where to connect to without resolving; empty: resolve. `server` is host and port.
    std::string begin(const std::string& server);

    /// The attempt ended, or was given up, before there was an address.
    void not_resolved() { use_it_ = true; }

    /// The server was reached there, and is the right one.
    void reached(const std::string& server, const std::string& address);

private:
    std::string server_, address_;
    bool use_it_ = false;    ///< in the next attempt
    bool using_it_ = false;  ///< in this one
    bool told_ = false;      ///< in the journal, since the name was resolved last
};

}  // namespace fieldlink
