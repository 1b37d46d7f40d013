#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/driver_plugin.hpp"

namespace fieldlink {

struct TcpAddress {
    std::string host;  ///< a name, an IPv4 or an IPv6 address (without brackets)
    std::string port = "502";
};

struct SerialSettings {
    std::string device;
    int baud = 19200;
    char parity = 'E';  ///< N, E or O
    int stop_bits = 1;
};

/// How to reach a bus: by exactly one of these.
struct BusSettings {
    std::optional<TcpAddress> tcp;
    std::optional<SerialSettings> serial;
    std::optional<TcpAddress> rtu_tcp;
    std::chrono::milliseconds timeout{500};
};

/// `host`, `host:port`, `1.2.3.4:port` or `[v6]:port`. Nothing, with the reason in `why_not`, if it is none of these.
std::optional<TcpAddress> parse_tcp_address(std::string_view text, std::string& why_not);

BusSettings read_bus_settings(const fl_bus_config& config, Reporter reporter);

}  // namespace fieldlink
