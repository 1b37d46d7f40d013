#include "drivers/modbus/planner.hpp"

#include <algorithm>
#include <tuple>

namespace fieldlink {
namespace {

unsigned limit(Table table) {
    return is_bits(table) ? kMaxBits : kMaxRegisters;
}

std::vector<Cell> cells_of(const std::vector<ModbusPoint>& points) {
    std::vector<Cell> cells;
    for (std::uint32_t i = 0; i < points.size(); ++i) {
        const auto same = [&](const Cell& cell) { return cell.range == points[i].range; };
        const auto known = std::find_if(cells.begin(), cells.end(), same);
        if (known == cells.end())
            cells.push_back({points[i].range, {i}});
        else
            known->points.push_back(i);
    }
    const auto place = [](const Cell& cell) { return std::tuple(cell.range.table, cell.range.address); };
    std::sort(cells.begin(), cells.end(), [&](const Cell& a, const Cell& b) { return place(a) < place(b); });
    return cells;
}

bool touches(const Cell& before, const Cell& after) {
    return before.range.table == after.range.table && before.range.end() == after.range.address;
}

bool fits(const Range& merged, const Range& next, unsigned max_hole) {
    return merged.table == next.table && next.address <= merged.end() + max_hole &&
           next.end() - merged.address <= limit(merged.table);
}

}  // namespace

Range Plan::range(const Read& read) const {
    const Range& first = cells[read.first].range;
    return {first.table, first.address, cells[read.end() - 1].range.end() - first.address};
}

Plan plan_reads(const std::vector<ModbusPoint>& points, unsigned max_hole) {
    Plan plan{cells_of(points), {}};
    for (std::uint32_t i = 0; i < plan.cells.size(); ++i) {
        if (plan.reads.empty() || !fits(plan.range(plan.reads.back()), plan.cells[i].range, max_hole))
            plan.reads.push_back({i, 1});
        else
            ++plan.reads.back().count;
    }
    return plan;
}

std::vector<Read> divide(const Plan& plan, const Read& read, const std::vector<bool>& refused) {
    std::vector<Read> runs;
    bool divided = false;
    for (std::uint32_t i = 0; i < read.count; ++i) {
        const std::uint32_t cell = read.first + i;
        const bool joins = i > 0 && !refused[i] && !refused[i - 1] && touches(plan.cells[cell - 1], plan.cells[cell]);
        divided = divided || (i > 0 && !joins);
        if (joins)
            ++runs.back().count;
        else
            runs.push_back({cell, 1});
    }
    if (divided) return runs;

    runs.clear();
    for (std::uint32_t i = 0; i < read.count; ++i)
        runs.push_back({read.first + i, 1});
    return runs;
}

}  // namespace fieldlink
