#include "daemon/service.hpp"

#include <systemd/sd-daemon.h>

namespace fieldlink::service {

void ready() {
    sd_notify(0, "READY=1");
}

void stopping() {
    sd_notify(0, "STOPPING=1");
}

void status(const std::string& line) {
    sd_notify(0, ("STATUS=" + line).c_str());
}

void feed_watchdog() {
    sd_notify(0, "WATCHDOG=1");
}

std::optional<std::chrono::microseconds> watchdog_interval() {
    std::uint64_t allowed_us = 0;
    if (sd_watchdog_enabled(0, &allowed_us) <= 0) return std::nullopt;
    return std::chrono::microseconds(allowed_us / 2);
}

}  // namespace fieldlink::service
