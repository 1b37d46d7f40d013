#include "drivers/modbus/bus_settings.hpp"

#include <charconv>

#include <unistd.h>

namespace fieldlink {
namespace {

constexpr const char* kSerialKeys[] = {"baud", "parity", "data_bits", "stop_bits", "rs485"};

bool is_port(std::string_view text) {
    unsigned port = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
    return failure == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

bool is_host(std::string_view text) {
    return !text.empty() && text.size() <= 253 && text.find_first_of(" \t/[]@") == std::string_view::npos;
}

std::optional<TcpAddress> read_address(const Settings& settings, const char* key, Reporter reporter) {
    std::string why_not;
    std::optional<TcpAddress> address = parse_tcp_address(settings.text(key), why_not);
    if (!address) reporter.error(at_bus(key), why_not);
    return address;
}

SerialSettings read_serial(const Settings& settings, Reporter reporter) {
    SerialSettings serial;
    serial.device = settings.text("serial");
    serial.baud = std::stoi(std::string(settings.text("baud", "19200")));
    serial.parity = settings.text("parity", "even") == "none" ? 'N' : settings.text("parity") == "odd" ? 'O' : 'E';
    serial.stop_bits = settings.text("stop_bits", "1") == "2" ? 2 : 1;
    if (serial.device.empty() || serial.device[0] != '/')
        reporter.error(at_bus("serial"),
                       "\"" + serial.device + "\" is not a device; write its path, like /dev/ttyUSB0");
    else if (::access(serial.device.c_str(), F_OK) != 0)
        reporter.warning(at_bus("serial"), serial.device + " is not there now; the bus starts when it appears");
    return serial;
}

void check_serial_keys(const Settings& settings, Reporter reporter) {
    for (const char* key : kSerialKeys) {
        if (settings.has(key) && !settings.has("serial"))
            reporter.error(at_bus(key), std::string(key) +
                                            " belongs to a serial line; write serial: DEVICE with it, or "
                                            "take it away");
    }
    if (settings.has("rs485") && settings.has("serial")) reporter.warning(at_bus("rs485"), "rs485: not active yet");
}

}  // namespace

std::optional<TcpAddress> parse_tcp_address(std::string_view text, std::string& why_not) {
    TcpAddress address;
    const std::size_t bracket = text.find(']');
    const bool v6 = !text.empty() && text[0] == '[' && bracket != std::string_view::npos;
    const std::string_view rest = v6 ? text.substr(bracket + 1) : text;
    const std::size_t colon = rest.find(':');
    address.host = v6 ? text.substr(1, bracket - 1) : rest.substr(0, colon);
    if (colon != std::string_view::npos) address.port = rest.substr(colon + 1);

    if (!v6 && rest.find(':', colon == std::string_view::npos ? colon : colon + 1) != std::string_view::npos)
        why_not = "an IPv6 address goes in brackets: [" + std::string(text) + "]:502";
    else if (!is_host(address.host) || (v6 && colon != 0 && !rest.empty()))
        why_not = "\"" + std::string(text) + "\" is not an address; write HOST:PORT, like 192.0.2.10:502";
    else if (!is_port(address.port))
        why_not = "\"" + address.port + "\" is not a port; write 1 to 65535, or only the host for 502";
    else
        return address;
    return std::nullopt;
}

BusSettings read_bus_settings(const fl_bus_config& config, Reporter reporter) {
    const Settings settings(config);
    BusSettings bus;
    bus.timeout = std::chrono::milliseconds(config.timeout_ms);
    const int ways = settings.has("tcp") + settings.has("serial") + settings.has("rtu_tcp");
    if (ways != 1)
        reporter.error(at_bus(), std::string(ways == 0 ? "nothing says" : "more than one key says") +
                                     " where the bus is; write exactly one of tcp: HOST:PORT, serial: DEVICE and "
                                     "rtu_tcp: HOST:PORT");
    if (settings.has("tcp")) bus.tcp = read_address(settings, "tcp", reporter);
    if (settings.has("serial")) bus.serial = read_serial(settings, reporter);
    if (settings.has("rtu_tcp")) {
        bus.rtu_tcp = read_address(settings, "rtu_tcp", reporter);
        reporter.warning(at_bus("rtu_tcp"), "rtu_tcp: not active yet");
    }
    check_serial_keys(settings, reporter);
    return bus;
}

}  // namespace fieldlink
