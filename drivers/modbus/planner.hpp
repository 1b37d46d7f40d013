#pragma once

#include <cstdint>
#include <vector>

#include "drivers/modbus/model.hpp"

/// Which requests a sensor's points are read with. Pure.
namespace fieldlink {

constexpr unsigned kMaxRegisters = 125;  ///< of one read, by the Modbus specification
constexpr unsigned kMaxBits = 2000;

/// A range that is read whole, and the points that show it: one, or several views of the same range.
struct Cell {
    Range range;
    std::vector<std::uint32_t> points;
};

/// One request: the cells [first, first + count), which lie in one table in ascending order.
struct Read {
    std::uint32_t first = 0;
    std::uint32_t count = 1;
    std::uint32_t end() const { return first + count; }
};

/// Cells in the order of table and address, and the reads that serve them with the fewest requests.
struct Plan {
    std::vector<Cell> cells;
    std::vector<Read> reads;

    /// From the first cell of `read` to its last, holes included.
    Range range(const Read& read) const;
};

/// Merges neighbours whose hole is at most `max_hole` into one request, within the limits of one. A point is never
/// split. With 0 only what touches is merged: nobody asked for the registers in a hole, and reading them is refused by
/// some devices and has side effects in others.
Plan plan_reads(const std::vector<ModbusPoint>& points, unsigned max_hole);

/// What to do with a merged `read` that the device refused, once each of its cells was tried alone and `refused` (one
/// entry a cell of the read) says which are the culprits: those alone, the others in runs that touch. If nothing
/// explains the refusal, each cell alone.
std::vector<Read> divide(const Plan& plan, const Read& read, const std::vector<bool>& refused);

}  // namespace fieldlink
