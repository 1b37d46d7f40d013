#include "drivers/modbus/planner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fieldlink {
namespace {

using testing::ElementsAre;

ModbusPoint at(Table table, unsigned address, unsigned count = 1) {
    ModbusPoint point;
    point.range = {table, address, count};
    return point;
}

std::vector<std::string> reads_of(const std::vector<ModbusPoint>& points, unsigned max_hole = 0) {
    const Plan plan = plan_reads(points, max_hole);
    std::vector<std::string> reads;
    for (const Read& read : plan.reads)
        reads.push_back(to_string(plan.range(read)));
    return reads;
}

std::vector<std::string> divided(const Plan& plan, const Read& read, const std::vector<bool>& refused) {
    std::vector<std::string> reads;
    for (const Read& part : divide(plan, read, refused))
        reads.push_back(to_string(plan.range(part)));
    return reads;
}

TEST(ModbusPlanner, MergesNeighboursThatTouchWhateverTheirOrder) {
    EXPECT_THAT(reads_of({at(Table::input, 2, 2), at(Table::input, 0), at(Table::input, 1)}), ElementsAre("input 0-3"));
}

TEST(ModbusPlanner, LeavesHolesAloneUnlessAsked) {
    const std::vector<ModbusPoint> points{at(Table::holding, 0), at(Table::holding, 2), at(Table::holding, 6)};
    EXPECT_THAT(reads_of(points), ElementsAre("holding 0", "holding 2", "holding 6"));
    EXPECT_THAT(reads_of(points, 1), ElementsAre("holding 0-2", "holding 6"));
    EXPECT_THAT(reads_of(points, 3), ElementsAre("holding 0-6"));
}

TEST(ModbusPlanner, KeepsTheTablesApart) {
    EXPECT_THAT(reads_of({at(Table::holding, 1), at(Table::input, 0), at(Table::coil, 1), at(Table::discrete, 2)}),
                ElementsAre("coil 1", "discrete 2", "input 0", "holding 1"));
}

TEST(ModbusPlanner, ReadsARangeWithSeveralNamesOnce) {
    const Plan plan = plan_reads({at(Table::holding, 5), at(Table::holding, 6), at(Table::holding, 5)}, 0);
    ASSERT_EQ(plan.cells.size(), 2u);
    EXPECT_THAT(plan.cells[0].points, ElementsAre(0u, 2u));
    EXPECT_THAT(plan.cells[1].points, ElementsAre(1u));
}

TEST(ModbusPlanner, StaysWithinTheRegistersOfOneRequest) {
    std::vector<ModbusPoint> points;
    for (unsigned i = 0; i < 126; ++i)
        points.push_back(at(Table::input, i));
    EXPECT_THAT(reads_of(points), ElementsAre("input 0-124", "input 125"));
}

TEST(ModbusPlanner, NeverSplitsAPointOverTwoRequests) {
    std::vector<ModbusPoint> points;
    for (unsigned i = 0; i < 124; ++i)
        points.push_back(at(Table::input, i));
    points.push_back(at(Table::input, 124, 2));
    EXPECT_THAT(reads_of(points), ElementsAre("input 0-123", "input 124-125"));
}

TEST(ModbusPlanner, StaysWithinTheBitsOfOneRequest) {
    std::vector<ModbusPoint> points;
    for (unsigned i = 0; i < 2'001; ++i)
        points.push_back(at(Table::coil, i));
    EXPECT_THAT(reads_of(points), ElementsAre("coil 0-1999", "coil 2000"));
}

TEST(ModbusPlanner, PutsACulpritAloneAndKeepsTheOthersTogether) {
    const Plan plan = plan_reads(
        {at(Table::input, 0), at(Table::input, 1), at(Table::input, 2), at(Table::input, 3, 2), at(Table::input, 5)},
        0);
    EXPECT_THAT(divided(plan, plan.reads[0], {false, false, true, false, false}),
                ElementsAre("input 0-1", "input 2", "input 3-5"));
}

TEST(ModbusPlanner, GivesUpHolesWhenNoPointIsToBlame) {
    const Plan plan =
        plan_reads({at(Table::input, 0), at(Table::input, 1), at(Table::input, 4), at(Table::input, 5)}, 2);
    ASSERT_EQ(plan.reads.size(), 1u);
    EXPECT_THAT(divided(plan, plan.reads[0], {false, false, false, false}), ElementsAre("input 0-1", "input 4-5"));
}

TEST(ModbusPlanner, ReadsOneByOneWhenNothingExplainsTheRefusal) {
    const Plan plan = plan_reads({at(Table::input, 0), at(Table::input, 1, 2), at(Table::input, 3)}, 0);
    EXPECT_THAT(divided(plan, plan.reads[0], {false, false, false}), ElementsAre("input 0", "input 1-2", "input 3"));
}

}  // namespace
}  // namespace fieldlink
