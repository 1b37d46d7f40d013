#include <stdexcept>

#include "drivers/driver_plugin.hpp"
#include "drivers/modbus/line.hpp"
#include "drivers/modbus/model.hpp"
#include "drivers/modbus/sensor_poller.hpp"

/// The plugin modbus.so: its keys, and the way from the C table to the line and the sensors' pollers.
namespace fieldlink {
namespace {

constexpr double kHighestDocumented = 465'536;  // so that a manual's number reaches check(), which says what to write

// clang-format off
constexpr fl_key kBusKeys[] = {
    Key::text("tcp", "HOST:PORT of a Modbus TCP device or gateway; the port is 502 by default"),
    Key::text("serial", "device of a Modbus RTU line, like /dev/ttyUSB0"),
    Key::text("rtu_tcp", "HOST:PORT of a converter that passes RTU frames on (not active yet)"),
    Key::choice("baud", "300 600 1200 2400 4800 9600 19200 38400 57600 115200 230400 460800 921600",
                "speed of the serial line; default 19200"),
    Key::choice("parity", "even odd none", "of the serial line; default even"),
    Key::choice("data_bits", "8", "of the serial line; Modbus RTU has 8"),
    Key::choice("stop_bits", "1 2", "of the serial line; default 1"),
    Key::text("rs485", "direction control by the kernel (not active yet)"),
    Key::integer("max_hole", 0, 120, "registers or bits between two points that one request may read along; default 0"),
    Key::end()};

constexpr fl_key kSensorKeys[] = {
    Key::required(Key::integer("unit", 0, 255, "the device's unit number (slave address), 1 to 247")),
    Key::integer("max_hole", 0, 120, "as on the bus, for this device"),
    Key::end()};

constexpr fl_key kPointKeys[] = {
    Key::integer("input", 0, kHighestDocumented, "address of an input register, 0-based as on the wire"),
    Key::integer("holding", 0, kHighestDocumented, "address of a holding register, 0-based as on the wire"),
    Key::integer("coil", 0, kHighestDocumented, "address of a coil, 0-based as on the wire"),
    Key::integer("discrete", 0, kHighestDocumented, "address of a discrete input, 0-based as on the wire"),
    Key::choice("type", "u16 s16 u32 s32 u64 s64 f32 f64 bcd16 bcd32 string", "of the registers; default u16"),
    Key::choice("order", "ABCD CDAB BADC DCBA", "of the bytes; default ABCD, high register and high byte first"),
    Key::text("bits", "one bit (3) or a range (4-7) of the register, 0 is the lowest"),
    Key::integer("length", 1, 125, "registers of a string"),
    Key::end()};
// clang-format on

/// check() found no error in this configuration, or the host would not create a bus from it; if it does so all the
/// same, the first error ends the construction.
void refuse(void*, std::uint32_t severity, const fl_place*, const char* text) {
    if (severity == FL_ERROR) throw std::invalid_argument(text);
}

ModbusBus read_checked(const fl_bus_config& config) {
    const fl_reporter reporter{sizeof reporter, 0, nullptr, refuse};
    return read_bus(config, Reporter(reporter));
}

std::unique_ptr<Line> make_line(const BusSettings& bus) {
    if (bus.tcp) return make_tcp_line(*bus.tcp, bus.timeout);
    if (bus.serial) return make_serial_line(*bus.serial);
    throw std::invalid_argument("rtu_tcp: not active yet");
}

class Modbus : public BusDriver {
public:
    Modbus(const fl_bus_config& config, Host) {
        ModbusBus bus = read_checked(config);
        line_ = make_line(bus.settings);
        for (ModbusSensor& sensor : bus.sensors)
            sensors_.emplace_back(std::move(sensor));
    }

    static void check(const fl_bus_config& config, Reporter reporter) { read_bus(config, reporter); }

    Outcome open() override { return line_->open(); }
    void close() override { line_->close(); }

    Outcome poll(std::uint32_t sensor, Indexes points, fl_value* values) override {
        return sensors_[sensor].poll(*line_, points, values, std::chrono::steady_clock::now());
    }
    Outcome write(std::uint32_t sensor, Writes writes) override { return sensors_[sensor].write(*line_, writes); }

private:
    std::unique_ptr<Line> line_;
    std::vector<SensorPoller> sensors_;
};

}  // namespace
}  // namespace fieldlink

const fl_driver fieldlink_driver =
    fieldlink::driver_table<fieldlink::Modbus>("modbus", "1.0", "Modbus devices over TCP and serial lines (RTU)",
                                               fieldlink::kBusKeys, fieldlink::kSensorKeys, fieldlink::kPointKeys);
