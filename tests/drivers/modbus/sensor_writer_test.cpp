#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "drivers/modbus/sensor_poller.hpp"
#include "modbus/fake_line.hpp"

namespace fieldlink {
namespace {

fl_write write_of(std::uint32_t point, const fl_value& value) {
    return {point, 0, value};
}

fl_value number(std::int64_t of) {
    return Value::of(of);
}

class ModbusSensorWriter : public testing::Test {
protected:
    Outcome write(const std::vector<fl_write>& writes) {
        return poller.write(line, {writes.data(), static_cast<std::uint32_t>(writes.size())});
    }

    SensorPoller poller{sensor_of({point_at(Table::holding, 10), point_at(Table::holding, 11, ValueType::u32),
                                   point_at(Table::coil, 4), point_at(Table::coil, 5)})};
    FakeLine line;
};

TEST_F(ModbusSensorWriter, WritesOnePoint) {
    line.expect("write holding 10 = 600", {});
    EXPECT_EQ(write({write_of(0, number(600))}).status, FL_OK);
    line.expect("write coil 4 = 1", {});
    EXPECT_EQ(write({write_of(2, Value::boolean(true))}).status, FL_OK);
}

TEST_F(ModbusSensorWriter, WritesNeighboursInOneRequest) {
    line.expect("write holding 10-12 = 7 1 2", {});
    line.expect("write coil 4-5 = 1 0", {});
    EXPECT_EQ(write({write_of(0, number(7)), write_of(1, number(65538)), write_of(2, Value::boolean(true)),
                     write_of(3, Value::boolean(false))})
                  .status,
              FL_OK);
}

TEST_F(ModbusSensorWriter, KeepsTheOrderOfTheWrites) {
    line.expect("write holding 11-12 = 0 1", {});
    line.expect("write holding 10 = 7", {});
    EXPECT_EQ(write({write_of(1, number(1)), write_of(0, number(7))}).status, FL_OK);
}

TEST_F(ModbusSensorWriter, TouchesNothingWhenOneValueDoesNotFit) {
    const Outcome outcome = write({write_of(1, number(1)), write_of(0, number(70000))});
    EXPECT_EQ(outcome.status, FL_REJECTED);
    EXPECT_EQ(outcome.message, "p10: 70000 (raw) does not fit type u16");
}

TEST_F(ModbusSensorWriter, TakesOnlyTrueAndFalseForACoil) {
    EXPECT_EQ(write({write_of(2, number(1))}).status, FL_REJECTED);
}

TEST_F(ModbusSensorWriter, WritesOneByOneWhereTheDeviceKnowsNothingElse) {
    line.expect_refusal("write coil 4-5 = 1 1", FL_CODE_REFUSED);
    line.expect("write coil 4 = 1", {});
    line.expect("write coil 5 = 1", {});
    EXPECT_EQ(write({write_of(2, Value::boolean(true)), write_of(3, Value::boolean(true))}).status, FL_OK);
}

TEST_F(ModbusSensorWriter, ReportsWhatTheDeviceSaid) {
    line.expect_refusal("write holding 10 = 600", FL_CODE_ILLEGAL_VALUE);
    const Outcome outcome = write({write_of(0, number(600)), write_of(2, Value::boolean(true))});
    EXPECT_EQ(outcome.status, FL_REJECTED);
    EXPECT_EQ(outcome.code, FL_CODE_ILLEGAL_VALUE);
    EXPECT_EQ(outcome.message, "unit 3, holding 10: no");
}

TEST_F(ModbusSensorWriter, LeavesTheOutcomeOpenWhenNoAnswerComes) {
    line.expect_silence("write holding 10 = 600");
    EXPECT_EQ(write({write_of(0, number(600))}).status, FL_TRANSIENT);
}

TEST_F(ModbusSensorWriter, MakesSureOfADoubtedUnitFirst) {
    line.doubtful = true;
    line.expect_silence("read coil 4-12");
    EXPECT_EQ(write({write_of(0, number(600))}).status, FL_TRANSIENT);
}

}  // namespace
}  // namespace fieldlink
