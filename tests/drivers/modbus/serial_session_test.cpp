#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "modbus/test_slave.hpp"
#include "support/driven_bus.hpp"

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

BusText line_at(const std::string& device, std::vector<PointText> points) {
    return {"rs485",
            {{"serial", device}, {"baud", "115200"}, {"parity", "none"}},
            {{"known", {{"unit", "1"}}, points}, {"absent", {{"unit", "9"}}, points}}};
}

const PointText kInput{"i0", {{"input", "0"}}};

class ModbusSerial : public testing::Test {
protected:
    DrivenBus& open(std::vector<PointText> points) {
        bus = std::make_unique<DrivenBus>(built_driver("modbus"), line_at(slave->device(), std::move(points)));
        const Called opened = bus->open();
        EXPECT_EQ(opened.status, FL_OK) << opened.message;
        return *bus;
    }

    std::unique_ptr<TestSlave> slave = TestSlave::on_serial_line();
    std::unique_ptr<DrivenBus> bus;
};

TEST_F(ModbusSerial, ReadsAndWrites) {
    open({kInput, {"setpoint", {{"holding", "10"}}, true}});
    slave->set_input(0, 215);
    EXPECT_EQ(bus->write(0, {{1, 0, {FL_VALUE_S64, FL_CODE_NONE, 0, {60}}}}).status, FL_OK);
    EXPECT_EQ(slave->holding(10), 60);
    EXPECT_THAT(bus->poll(0).shown(), ElementsAre("215", "60"));
}

TEST_F(ModbusSerial, ComesBackIntoStepAfterSilence) {
    open({kInput});
    slave->be_silent_as(1);
    const Called silent = bus->poll(0);
    EXPECT_EQ(silent.status, FL_TRANSIENT);
    EXPECT_EQ(silent.message, "unit 1, input 0: no answer in 200 ms");
    slave->answer_as(1);
    slave->set_input(0, 7);
    EXPECT_THAT(bus->poll(0).shown(), ElementsAre("7"));
}

TEST_F(ModbusSerial, NeverTakesALateAnswerForANewerRequest) {
    open({kInput});
    slave->set_input(0, 1);
    slave->answer_late();
    EXPECT_EQ(bus->poll(0).code, FL_CODE_TIMEOUT);
    slave->set_input(0, 2);
    const Called doubtful = bus->poll(0);
    EXPECT_EQ(doubtful.status, FL_TRANSIENT);
    EXPECT_EQ(doubtful.code, FL_CODE_BAD_FRAME);
    slave->set_input(0, 3);
    EXPECT_THAT(bus->poll(0).shown(), ElementsAre("3"));
}

TEST_F(ModbusSerial, ConfinesARefusalToItsPoint) {
    open({kInput, {"i1", {{"input", "1"}}}});
    slave->refuse(1);
    slave->set_input(0, 5);
    EXPECT_THAT(bus->poll(0).shown(), ElementsAre("5", "error 3"));
}

TEST_F(ModbusSerial, GivesUpAPortThatVanished) {
    open({kInput});
    EXPECT_EQ(bus->poll(0).status, FL_OK);
    const std::string device = slave->device();
    slave.reset();
    EXPECT_EQ(bus->poll(0).status, FL_GONE);
}

TEST(ModbusSerialPort, SaysWhatIsMissing) {
    DrivenBus bus(built_driver("modbus"), line_at("/dev/ttyNone", {kInput}));
    const Called opened = bus.open();
    EXPECT_EQ(opened.status, FL_GONE);
    EXPECT_THAT(opened.message,
                HasSubstr("/dev/ttyNone cannot be opened: No such file or directory; is the adapter plugged in?"));
    EXPECT_EQ(bus.poll(0).status, FL_GONE);
}

}  // namespace
}  // namespace fieldlink
