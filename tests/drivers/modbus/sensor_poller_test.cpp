#include "drivers/modbus/sensor_poller.hpp"

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "modbus/fake_line.hpp"

namespace fieldlink {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

struct Polled {
    Outcome outcome;
    std::vector<std::string> values;
};

std::string shown(const fl_value& value) {
    if (value.error != FL_CODE_NONE) return "error " + std::to_string(value.error);
    if (value.kind == FL_VALUE_TEXT) return {value.as.text, value.text_size};
    if (value.kind == FL_VALUE_BOOLEAN) return value.as.s64 ? "true" : "false";
    return value.kind == FL_VALUE_U64 ? std::to_string(value.as.u64) : "none";
}

class ModbusSensorPoller : public testing::Test {
protected:
    Polled poll(SensorPoller& poller, const std::vector<std::uint32_t>& points) {
        std::vector<fl_value> values(points.size());
        Polled polled;
        polled.outcome =
            poller.poll(line, {points.data(), static_cast<std::uint32_t>(points.size())}, values.data(), now);
        for (const fl_value& value : values)
            polled.values.push_back(shown(value));
        return polled;
    }

    FakeLine line;
    SensorPoller::Instant now{};
};

TEST_F(ModbusSensorPoller, ReadsNeighboursInOneRequestAndGivesEachPointItsValue) {
    SensorPoller poller(sensor_of({point_at(Table::input, 2, ValueType::u32), point_at(Table::input, 0),
                                   point_at(Table::coil, 7), point_at(Table::input, 4, ValueType::string)}));
    line.expect("read coil 7", {1});
    line.expect("read input 0", {11});
    line.expect("read input 2-5", {1, 2, 0x4142, 0x4300});
    EXPECT_THAT(poll(poller, {0, 1, 2, 3}).values, ElementsAre("65538", "11", "true", "ABC"));
}

TEST_F(ModbusSensorPoller, AsksOnlyForWhatIsWanted) {
    SensorPoller poller(sensor_of({point_at(Table::input, 0), point_at(Table::input, 1), point_at(Table::input, 9)}));
    line.expect("read input 9", {9});
    EXPECT_THAT(poll(poller, {2}).values, ElementsAre("9"));
    line.expect("read input 0-1", {5, 6});
    EXPECT_THAT(poll(poller, {1}).values, ElementsAre("6"));
}

TEST_F(ModbusSensorPoller, ConfinesARefusalToItsPointAndLearnsFromIt) {
    SensorPoller poller(sensor_of(
        {point_at(Table::input, 0), point_at(Table::input, 1), point_at(Table::input, 2), point_at(Table::input, 3)}));
    line.expect_refusal("read input 0-3");
    line.expect("read input 0", {10});
    line.expect("read input 1", {11});
    line.expect_refusal("read input 2");
    line.expect("read input 3", {13});
    EXPECT_THAT(poll(poller, {0, 1, 2, 3}).values, ElementsAre("10", "11", "error 3", "13"));

    line.expect("read input 0-1", {20, 21});
    line.expect_refusal("read input 2");
    line.expect("read input 3", {23});
    EXPECT_THAT(poll(poller, {0, 1, 2, 3}).values, ElementsAre("20", "21", "error 3", "23"));
}

TEST_F(ModbusSensorPoller, GivesUpReadingAlongHolesThatTheDeviceRefuses) {
    SensorPoller poller(sensor_of({point_at(Table::input, 0), point_at(Table::input, 2)}, 1));
    line.expect_refusal("read input 0-2");
    line.expect("read input 0", {10});
    line.expect("read input 2", {12});
    EXPECT_THAT(poll(poller, {0, 1}).values, ElementsAre("10", "12"));
    line.expect("read input 0", {20});
    line.expect("read input 2", {22});
    EXPECT_THAT(poll(poller, {0, 1}).values, ElementsAre("20", "22"));
}

TEST_F(ModbusSensorPoller, DividesFurtherWhenARunIsRefusedAsWell) {
    SensorPoller poller(sensor_of({point_at(Table::input, 0), point_at(Table::input, 1)}));
    line.expect_refusal("read input 0-1");
    line.expect("read input 0", {10});
    line.expect("read input 1", {11});
    EXPECT_THAT(poll(poller, {0, 1}).values, ElementsAre("10", "11"));
    line.expect("read input 0", {20});
    line.expect("read input 1", {21});
    EXPECT_THAT(poll(poller, {0, 1}).values, ElementsAre("20", "21"));
}

TEST_F(ModbusSensorPoller, TriesTheWholeReadAgainAfterTenMinutes) {
    SensorPoller poller(sensor_of({point_at(Table::input, 0), point_at(Table::input, 1)}));
    line.expect_refusal("read input 0-1");
    line.expect_refusal("read input 0", FL_CODE_ILLEGAL_VALUE);
    line.expect("read input 1", {11});
    EXPECT_THAT(poll(poller, {0, 1}).values, ElementsAre("error 4", "11"));

    now += 10min - 1s;
    line.expect_refusal("read input 0");
    line.expect("read input 1", {11});
    poll(poller, {0, 1});

    now += 1s;
    line.expect("read input 0-1", {30, 31});
    EXPECT_THAT(poll(poller, {0, 1}).values, ElementsAre("30", "31"));
    line.expect("read input 0-1", {40, 41});
    poll(poller, {0, 1});
}

TEST_F(ModbusSensorPoller, LeavesASilentDeviceAloneAfterOneRequest) {
    SensorPoller poller(sensor_of({point_at(Table::input, 0), point_at(Table::input, 5), point_at(Table::input, 9)}));
    line.expect("read input 0", {1});
    line.expect_silence("read input 5");
    const Polled polled = poll(poller, {0, 1, 2});
    EXPECT_EQ(polled.outcome.status, FL_TRANSIENT);
    EXPECT_EQ(polled.outcome.code, FL_CODE_TIMEOUT);
    EXPECT_EQ(polled.outcome.message, "unit 3, input 5: no answer");
}

TEST_F(ModbusSensorPoller, StopsAndLearnsNothingWhenTheDeviceFallsSilentWhileDividing) {
    SensorPoller poller(sensor_of({point_at(Table::input, 0), point_at(Table::input, 1), point_at(Table::input, 2)}));
    line.expect_refusal("read input 0-2");
    line.expect("read input 0", {10});
    line.expect_silence("read input 1");
    EXPECT_EQ(poll(poller, {0, 1, 2}).outcome.status, FL_TRANSIENT);
    line.expect("read input 0-2", {1, 2, 3});
    EXPECT_THAT(poll(poller, {0, 1, 2}).values, ElementsAre("1", "2", "3"));
}

TEST_F(ModbusSensorPoller, GivesALostLineBackToTheHost) {
    SensorPoller poller(sensor_of({point_at(Table::input, 0)}));
    line.expect_loss("read input 0");
    const Polled polled = poll(poller, {0});
    EXPECT_EQ(polled.outcome.status, FL_GONE);
    EXPECT_EQ(polled.outcome.message, "connection lost");
}

TEST_F(ModbusSensorPoller, AsksADoubtedUnitForSomethingUnmistakableFirst) {
    SensorPoller poller(sensor_of({point_at(Table::input, 0), point_at(Table::input, 1), point_at(Table::input, 7)}));
    line.doubtful = true;
    line.expect("read input 0-2", {0, 0, 0});
    line.expect("read input 0-1", {1, 2});
    line.expect("read input 7", {3});
    EXPECT_THAT(poll(poller, {0, 1, 2}).values, ElementsAre("1", "2", "3"));
    EXPECT_FALSE(line.doubtful);
}

TEST_F(ModbusSensorPoller, TakesARefusalOfTheUnmistakableRequestAsAnAnswer) {
    SensorPoller poller(sensor_of({point_at(Table::coil, 3)}));
    line.doubtful = true;
    line.expect_refusal("read coil 3-11");
    line.expect("read coil 3", {1});
    EXPECT_THAT(poll(poller, {0}).values, ElementsAre("true"));
}

TEST_F(ModbusSensorPoller, KeepsDoubtingAUnitThatStaysSilent) {
    SensorPoller poller(sensor_of({point_at(Table::input, 65535)}));
    line.doubtful = true;
    line.expect_silence("read input 65534-65535");
    EXPECT_EQ(poll(poller, {0}).outcome.status, FL_TRANSIENT);
    EXPECT_TRUE(line.doubtful);
}

TEST_F(ModbusSensorPoller, AsksNobodyAtUnitZero) {
    ModbusSensor everybody = sensor_of({point_at(Table::input, 0)});
    everybody.unit = 0;
    SensorPoller poller(everybody);
    EXPECT_EQ(poll(poller, {0}).outcome.status, FL_REJECTED);
}

}  // namespace
}  // namespace fieldlink
