#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "modbus/test_slave.hpp"
#include "support/driven_bus.hpp"

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

SensorText sensor(const std::string& unit, std::vector<PointText> points) {
    return {"s" + unit, {{"unit", unit}}, points};
}

PointText input(const std::string& address, const std::string& type = "u16") {
    return {"i" + address, {{"input", address}, {"type", type}}};
}

BusText bus_at(const std::string& address, std::vector<SensorText> sensors) {
    return {"plant", {{"tcp", address}}, std::move(sensors)};
}

class ModbusTcp : public testing::Test {
protected:
    /// Creates and opens the bus; every test does this first.
    DrivenBus& connect(std::vector<SensorText> sensors) {
        bus = std::make_unique<DrivenBus>(built_driver("modbus"), bus_at(address(), std::move(sensors)));
        const Called opened = bus->open();
        EXPECT_EQ(opened.status, FL_OK) << opened.message;
        return *bus;
    }
    std::string address() const { return "127.0.0.1:" + std::to_string(slave->port()); }

    std::unique_ptr<TestSlave> slave = TestSlave::on_tcp();
    std::unique_ptr<DrivenBus> bus;
};

TEST_F(ModbusTcp, ReadsAllFourTables) {
    connect({sensor("1", {input("0"),
                          input("1", "s32"),
                          {"h", {{"holding", "5"}}},
                          {"c", {{"coil", "3"}}},
                          {"d", {{"discrete", "3"}}}})});
    slave->set_input(0, 215);
    slave->set_input(1, 0xFFFF);
    slave->set_input(2, 0xFFFE);
    slave->set_holding(5, 77);
    EXPECT_THAT(bus->poll(0).shown(), ElementsAre("215", "-2", "77", "false", "false"));
    EXPECT_THAT(slave->seen(),
                ElementsAre("1 read coil 3", "1 read discrete 3", "1 read input 0-2", "1 read holding 5"));
}

TEST_F(ModbusTcp, WritesAndReadsBack) {
    connect({sensor("1", {{"setpoint", {{"holding", "10"}}, true},
                          {"total", {{"holding", "11"}, {"type", "u32"}}, true},
                          {"pump", {{"coil", "4"}}, true}})});
    fl_write setpoint{0, 0, {FL_VALUE_S64, FL_CODE_NONE, 0, {600}}};
    fl_write total{1, 0, {FL_VALUE_S64, FL_CODE_NONE, 0, {65538}}};
    fl_write pump{2, 0, {FL_VALUE_BOOLEAN, FL_CODE_NONE, 0, {1}}};
    EXPECT_EQ(bus->write(0, {setpoint}).status, FL_OK);
    EXPECT_EQ(bus->write(0, {pump}).status, FL_OK);
    EXPECT_EQ(bus->write(0, {setpoint, total}).status, FL_OK);
    EXPECT_THAT(slave->seen(), ElementsAre("1 write holding 10", "1 write coil 4", "1 write holding 10-12"));
    EXPECT_TRUE(slave->coil(4));
    EXPECT_EQ(slave->holding(10), 600);
    EXPECT_THAT(bus->poll(0).shown(), ElementsAre("600", "65538", "true"));
}

TEST_F(ModbusTcp, SpendsOneTimeoutOnASilentUnitAndSparesTheOthers) {
    connect({sensor("1", {input("0")}), sensor("2", {input("0"), input("5"), input("9")}), sensor("3", {input("0")})});
    slave->be_silent_as(2);
    slave->set_input(0, 7);
    EXPECT_THAT(bus->poll(0).shown(), ElementsAre("7"));
    const Called silent = bus->poll(1);
    EXPECT_EQ(silent.status, FL_TRANSIENT);
    EXPECT_EQ(silent.code, FL_CODE_TIMEOUT);
    EXPECT_EQ(silent.message, "unit 2, input 0: no answer in 200 ms");
    EXPECT_THAT(bus->poll(2).shown(), ElementsAre("7"));
    EXPECT_THAT(slave->seen(), ElementsAre("1 read input 0", "2 read input 0", "3 read input 0"));

    slave->answer_as(2);
    EXPECT_THAT(bus->poll(1).shown(), ElementsAre("7", "0", "0"));
}

/// The late answer comes where it hurts most: on the new connection, just before the answer to the new request.
TEST_F(ModbusTcp, NeverTakesALateAnswerForANewerRequest) {
    connect({sensor("1", {input("0")})});
    slave->set_input(0, 1);
    slave->answer_late();
    EXPECT_EQ(bus->poll(0).code, FL_CODE_TIMEOUT);
    slave->set_input(0, 2);
    EXPECT_EQ(bus->poll(0).code, FL_CODE_BAD_FRAME);
    slave->set_input(0, 3);
    EXPECT_THAT(bus->poll(0).shown(), ElementsAre("3"));
}

TEST_F(ModbusTcp, ConnectsAnewAfterATimeout) {
    connect({sensor("1", {input("0")})});
    slave->be_silent_as(1);
    EXPECT_EQ(bus->poll(0).code, FL_CODE_TIMEOUT);
    slave->answer_as(1);
    EXPECT_EQ(bus->poll(0).status, FL_OK);
    EXPECT_EQ(bus->poll(0).status, FL_OK);
    EXPECT_EQ(slave->connections(), 2);
}

TEST_F(ModbusTcp, BoundsTheTimeOfAWholeAnswerThatTrickles) {
    connect({sensor("1", {{"text", {{"input", "0"}, {"type", "string"}, {"length", "50"}}}})});
    slave->trickle();
    EXPECT_EQ(bus->poll(0).code, FL_CODE_TIMEOUT);
    EXPECT_EQ(bus->poll(0).status, FL_OK);
}

TEST_F(ModbusTcp, ConfinesARefusalToItsPoint) {
    connect({sensor("1", {input("0"), input("1"), input("2"), input("3")})});
    slave->refuse(2);
    slave->set_input(3, 13);
    EXPECT_THAT(bus->poll(0).shown(), ElementsAre("0", "0", "error 3", "13"));
    slave->seen();
    EXPECT_THAT(bus->poll(0).shown(), ElementsAre("0", "0", "error 3", "13"));
    EXPECT_THAT(slave->seen(), ElementsAre("1 read input 0-1", "1 read input 2", "1 read input 3"));
}

TEST_F(ModbusTcp, ReportsAConnectionThatBreaksInTheMiddle) {
    connect({sensor("1", {input("0")})});
    slave->hang_up();
    EXPECT_EQ(bus->poll(0).status, FL_GONE);
    bus->close();
    EXPECT_EQ(bus->open().status, FL_OK);
    EXPECT_EQ(bus->poll(0).status, FL_OK);
}

TEST_F(ModbusTcp, FindsARestartedDeviceAgain) {
    connect({sensor("1", {input("0")})});
    EXPECT_EQ(bus->poll(0).status, FL_OK);
    const int port = slave->port();
    slave.reset();
    EXPECT_EQ(bus->poll(0).status, FL_GONE);
    bus->close();
    const Called refused = bus->open();
    EXPECT_EQ(refused.status, FL_GONE);
    EXPECT_THAT(refused.message, HasSubstr("127.0.0.1 port " + std::to_string(port) + ": Connection refused"));

    slave = TestSlave::on_tcp(port);
    slave->set_input(0, 9);
    EXPECT_EQ(bus->open().status, FL_OK);
    EXPECT_THAT(bus->poll(0).shown(), ElementsAre("9"));
}

TEST_F(ModbusTcp, OpensAConnectionThatWasClosedWhileIdleWithoutAFailedPoll) {
    connect({sensor("1", {input("0")})});
    EXPECT_EQ(bus->poll(0).status, FL_OK);
    const int port = slave->port();
    slave.reset();
    slave = TestSlave::on_tcp(port);
    EXPECT_EQ(bus->poll(0).status, FL_OK);
}

TEST_F(ModbusTcp, ResolvesNames) {
    DrivenBus named(built_driver("modbus"),
                    bus_at("localhost:" + std::to_string(slave->port()), {sensor("1", {input("0")})}));
    EXPECT_EQ(named.open().status, FL_OK);
    EXPECT_EQ(named.poll(0).status, FL_OK);
}

TEST_F(ModbusTcp, PollsSomePointsOnly) {
    connect({sensor("1", {input("0"), input("5")})});
    EXPECT_THAT(bus->poll(0, {1}).shown(), ElementsAre("0"));
    EXPECT_THAT(slave->seen(), ElementsAre("1 read input 5"));
    EXPECT_THAT(bus->poll(0, {}).shown(), IsEmpty());
    EXPECT_THAT(slave->seen(), IsEmpty());
}

}  // namespace
}  // namespace fieldlink
