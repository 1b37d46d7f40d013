#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/driven_bus.hpp"

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const PointText kCounter{"count", {{"wave", "counter"}}};
const PointText kSetpoint{"setpoint", {{"value", "20"}}, true};

BusText bus_with(std::vector<Written> sensor_settings, std::vector<PointText> points) {
    return {"sim", {}, {{"s", std::move(sensor_settings), std::move(points), 5}}};
}

fl_write write_of(std::uint32_t point, double number) {
    fl_write write{point, 0, {FL_VALUE_F64, FL_CODE_NONE, 0, {}}};
    write.value.as.f64 = number;
    return write;
}

TEST(SimulatedDriver, ShowsItsWavesAndKeepsWhatIsWritten) {
    DrivenBus bus(built_driver("simulated"), bus_with({}, {kCounter, kSetpoint}));
    ASSERT_EQ(bus.open().status, FL_OK);
    EXPECT_THAT(bus.poll(0).shown(), ElementsAre("0.000000", "20.000000"));
    EXPECT_EQ(bus.write(0, {write_of(1, 60.5)}).status, FL_OK);
    EXPECT_THAT(bus.poll(0).shown(), ElementsAre("1.000000", "60.500000"));
}

TEST(SimulatedDriver, PollsThePointsThatAreAskedForAlone) {
    DrivenBus bus(built_driver("simulated"), bus_with({}, {kCounter, kSetpoint}));
    EXPECT_THAT(bus.poll(0, {1}).shown(), ElementsAre("20.000000"));
    EXPECT_THAT(bus.poll(0, {0}).shown(), ElementsAre("0.000000"));
}

TEST(SimulatedDriver, FailsOnOrderAndRecovers) {
    DrivenBus bus(built_driver("simulated"), bus_with({{"fail", "crc"}, {"fail_every", "2"}}, {kCounter}));
    EXPECT_EQ(bus.poll(0).status, FL_OK);
    const Called failed = bus.poll(0);
    EXPECT_EQ(failed.status, FL_TRANSIENT);
    EXPECT_EQ(failed.code, FL_CODE_CRC);
    EXPECT_EQ(bus.poll(0).status, FL_OK);
}

TEST(SimulatedDriver, TakesTheBusDownWhenOrderedTo) {
    DrivenBus bus(built_driver("simulated"), bus_with({{"fail", "disconnected"}, {"fail_for", "1"}}, {kCounter}));
    EXPECT_EQ(bus.poll(0).status, FL_GONE);
    EXPECT_EQ(bus.open().status, FL_OK);
    EXPECT_EQ(bus.poll(0).status, FL_OK);
}

TEST(SimulatedDriver, IsTooSlowWhenItsDelayIsLongerThanTheTimeout) {
    DrivenBus bus(built_driver("simulated"), bus_with({{"delay", "6"}}, {kCounter}));
    EXPECT_EQ(bus.poll(0).code, FL_CODE_TIMEOUT);
}

TEST(SimulatedDriver, RefusesTextAsAValue) {
    DrivenBus bus(built_driver("simulated"), bus_with({}, {kSetpoint}));
    fl_write write{0, 0, {FL_VALUE_TEXT, FL_CODE_NONE, 2, {}}};
    write.value.as.text = "on";
    EXPECT_EQ(bus.write(0, {write}).status, FL_REJECTED);
}

TEST(SimulatedDriver, ChecksWhatCannotBe) {
    const fl_driver& driver = built_driver("simulated");
    EXPECT_THAT(problems_of(driver, bus_with({{"fail_every", "3"}, {"fail_for", "2"}}, {kCounter})), IsEmpty());
    EXPECT_THAT(problems_of(driver, bus_with({{"fail_every", "3"}, {"fail_for", "3"}}, {kCounter})),
                ElementsAre(HasSubstr("error sim.s.fail_for: a failure that lasts as long as fail_every never ends")));
    EXPECT_THAT(problems_of(driver, bus_with({}, {{"c", {{"wave", "counter"}}, true}})),
                ElementsAre(HasSubstr("error sim.s.c.wave: only a constant keeps what is written")));
}

}  // namespace
}  // namespace fieldlink
