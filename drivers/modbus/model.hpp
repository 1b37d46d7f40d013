#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "drivers/driver_plugin.hpp"
#include "drivers/modbus/bus_settings.hpp"
#include "drivers/modbus/codec.hpp"

/// A bus and what is on it, as the operator wrote it, checked.
namespace fieldlink {

/// The four tables of a Modbus device.
enum class Table { coil, discrete, input, holding };

/// "holding", as in the configuration.
const char* to_string(Table table);

constexpr bool is_bits(Table table) {
    return table == Table::coil || table == Table::discrete;
}

/// `count` registers or bits from `address` on (0-based, as on the wire).
struct Range {
    Table table = Table::holding;
    unsigned address = 0;
    unsigned count = 1;

    unsigned end() const { return address + count; }
    bool operator==(const Range& other) const {
        return table == other.table && address == other.address && count == other.count;
    }
};

/// "holding 10" or "input 0-5".
std::string to_string(const Range& range);

struct ModbusPoint {
    std::string name;
    Range range;
    RegisterFormat format;  ///< of input and holding registers
};

struct ModbusSensor {
    std::string name;
    unsigned unit = 1;
    std::chrono::milliseconds timeout{500};
    unsigned max_hole = 0;
    std::vector<ModbusPoint> points;  ///< in the host's order
};

struct ModbusBus {
    BusSettings settings;
    std::vector<ModbusSensor> sensors;  ///< in the host's order
};

/// Reads a point's settings. What is wrong goes to `reporter` at `place`; a point of which not even the table is known
/// has a range of 0.
ModbusPoint read_point(const fl_point_config& config, const fl_place& place, Reporter reporter);

/// Reads the settings of a bus, its sensors and their points; every problem goes to `reporter`. After an error the
/// result is of no use.
ModbusBus read_bus(const fl_bus_config& config, Reporter reporter);

}  // namespace fieldlink
