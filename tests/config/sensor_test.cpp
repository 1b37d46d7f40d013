#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/files.hpp"

namespace fieldlink {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

LoadedText load_sensor(const std::string& keys) {
    ConfigText config;
    config.sensors = "sensors:\n  boiler: {bus: plant, " + keys + "}\n";
    return load_text(config.text());
}

TEST(Sensor, IsReadWhole) {
    const LoadedText loaded =
        load_sensor("unit: 3, every: 10ms, report: {max_silence: 1m}, points: {a: {input: 0}, b: {coil: 1}}");
    EXPECT_THAT(loaded.problems, IsEmpty());
    ASSERT_TRUE(loaded.config);
    const SensorConfig& sensor = loaded.config->buses.at(0).sensors.at(0);
    EXPECT_EQ(sensor.name, "boiler");
    EXPECT_EQ(sensor.bus, "plant");
    EXPECT_EQ(sensor.mark.line, 8);
    EXPECT_EQ(sensor.mark.column, 3);
    EXPECT_EQ(sensor.every, 10ms);
    EXPECT_EQ(sensor.report.max_silence, 1min);
    EXPECT_FALSE(sensor.report.deadband);
    ASSERT_EQ(sensor.points.size(), 2u);
    EXPECT_EQ(sensor.points[1].name, "b");
}

TEST(Sensor, WithATemplateIsSkippedAndNeedsNoPointsOfItsOwn) {
    ConfigText config;
    config.sensors += "  meter: {bus: plant, colour: blue, device: eastron-sdm120}\n";
    const LoadedText loaded = load_text(config.text());
    EXPECT_THAT(loaded.problems, ElementsAre(HasSubstr("9:37: warning: sensors.meter.device: not active yet")));
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(loaded.config->buses.at(0).sensors.size(), 1u);
}

TEST(Sensor, MayBeTheOnlyOneAndSkipped) {
    const LoadedText loaded = load_sensor("device: eastron-sdm120");
    ASSERT_TRUE(loaded.config);
    EXPECT_THAT(loaded.config->buses, IsEmpty());
    EXPECT_THAT(loaded.problems, ElementsAre(HasSubstr("buses.plant: no active sensor is on it"),
                                             HasSubstr("sensors.boiler.device: not active yet")));
}

TEST(Sensor, NeedsABus) {
    ConfigText config;
    config.sensors = "sensors:\n  boiler: {unit: 3, points: {a: {input: 0}}}\n";
    EXPECT_THAT(load_text(config.text()).problems,
                ElementsAre(HasSubstr("6:3: warning"),
                            HasSubstr("8:3: error: sensors.boiler.bus: is missing; write bus: NAME")));
}

TEST(Sensor, NeedsAPoint) {
    EXPECT_THAT(load_sensor("unit: 3, points: {}").problems,
                ElementsAre(HasSubstr("8:41: error: sensors.boiler.points: holds no point; write points: {NAME")));
    EXPECT_THAT(load_sensor("unit: 3, points:").problems,
                ElementsAre(HasSubstr("8:33: error: sensors.boiler.points: holds no point")));
}

TEST(Sensor, ThatIsNoMappingIsOneMistake) {
    ConfigText config;
    config.sensors += "  pump: 4\n";
    EXPECT_THAT(load_text(config.text()).problems, ElementsAre(HasSubstr("9:9: error: sensors.pump: must hold keys")));
}

TEST(Sensor, HasItsOwnUnitForTheDriver) {
    EXPECT_THAT(load_sensor("unit: kWh, points: {a: {input: 0, unit: kWh}}").problems,
                ElementsAre(HasSubstr("8:30: error: sensors.boiler.unit: \"kWh\" is not a whole number")));
}

TEST(Sensor, WithSetupOrCalibrationWarns) {
    EXPECT_THAT(
        load_sensor(
            "unit: 3, setup: [{holding: 1, value: 2}], calibrate: {zero: {holding: 3}}, points: {a: {input: 0}}")
            .problems,
        ElementsAre(HasSubstr("warning: sensors.boiler.setup: not active yet"),
                    HasSubstr("warning: sensors.boiler.calibrate: not active yet")));
    EXPECT_THAT(load_sensor("unit: 3, setup: 7, points: {a: {input: 0}}").problems,
                ElementsAre(HasSubstr("8:40: error: sensors.boiler.setup: must be a list or hold keys")));
}

TEST(Sensor, IsNotSearchedForItsDriversKeysWhenTheBusIsUnknown) {
    ConfigText config;
    config.sensors = "sensors:\n  boiler: {bus: plnat, unit: 3, points: {a: {input: 0}}}\n";
    EXPECT_THAT(load_text(config.text()).problems,
                ElementsAre(HasSubstr("6:3: warning"), HasSubstr("did you mean \"plant\"? (plant)")));
}

}  // namespace
}  // namespace fieldlink
