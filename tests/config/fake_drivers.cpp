#include "tests/config/fake_drivers.hpp"

namespace fieldlink {
namespace {

DriverKey text(const char* name) {
    return {name, KeyKind::text, false, 0, 0, {}, "a text"};
}

DriverKey whole(const char* name, double min, double max) {
    return {name, KeyKind::integer, false, min, max, {}, "a whole number"};
}

DriverKey required(DriverKey key) {
    key.required = true;
    return key;
}

DriverKey choice(const char* name, std::vector<std::string> choices) {
    return {name, KeyKind::choice, false, 0, 0, std::move(choices), "one of its words"};
}

const DriverKeys& modbus() {
    static const DriverKeys keys{
        {text("tcp"), text("serial"), text("rtu_tcp"),
         choice("baud", {"1200", "2400", "4800", "9600", "19200", "38400", "57600", "115200"}),
         choice("parity", {"even", "odd", "none"}), choice("stop_bits", {"1", "2"}), text("rs485"),
         whole("max_hole", 0, 120)},
        {required(whole("unit", 0, 255)), whole("max_hole", 0, 120)},
        {whole("input", 0, 465'536), whole("holding", 0, 465'536), whole("coil", 0, 465'536),
         whole("discrete", 0, 465'536),
         choice("type", {"u16", "s16", "u32", "s32", "u64", "s64", "f32", "f64", "bcd16", "bcd32", "string"}),
         choice("order", {"ABCD", "CDAB", "BADC", "DCBA"}), text("bits"), whole("length", 1, 125)}};
    return keys;
}

const DriverKeys& simulated() {
    static const DriverKeys keys{{},
                                 {{"delay", KeyKind::duration, false, 0, 3'600'000, {}, "how long a poll takes"}},
                                 {choice("wave", {"constant", "sine", "counter", "random_walk"}),
                                  {"amplitude", KeyKind::number, false, 0, 1e12, {}, "of the sine"},
                                  {"mean", KeyKind::number, false, -1e12, 1e12, {}, "of the sine"},
                                  {"period", KeyKind::duration, false, 1, 86'400'000, {}, "of the sine"},
                                  {"loud", KeyKind::boolean, false, 0, 0, {}, "whether it is heard"}}};
    return keys;
}

}  // namespace

const DriverKeys* FakeDrivers::keys(const std::string& driver, std::string& why_not) {
    if (driver == "modbus") return &modbus();
    if (driver == "simulated") return &simulated();
    why_not = driver == "broken" ? "broken.so may be written by its group; run: chmod g-w broken.so" : "no such file";
    return nullptr;
}

void FakeDrivers::check(const BusConfig& bus, Problems& problems) {
    checked.push_back(bus.name);
    if (!complaint.empty()) problems.push_back({Severity::error, bus.mark, "buses." + bus.name + ": " + complaint});
}

}  // namespace fieldlink
