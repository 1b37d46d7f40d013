#include "daemon/net/last_address.hpp"

#include "daemon/log.hpp"

namespace fieldlink {

std::string LastAddress::begin(const std::string& server) {
    using_it_ = use_it_ && server == server_;
    use_it_ = false;
    if (!using_it_) return "";
    if (!told_)
        log::warning("uplink: the name of " + server + " cannot be resolved; trying " + address_ +
                     ", where it answered last");
    told_ = true;
    return address_;
}

void LastAddress::reached(const std::string& server, const std::string& address) {
    if (!using_it_) told_ = false;
    server_ = server;
    address_ = address;
}

}  // namespace fieldlink
