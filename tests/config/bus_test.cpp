#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/files.hpp"

namespace fieldlink {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

LoadedText load_bus(const std::string& keys, FakeDrivers& drivers) {
    ConfigText config;
    config.buses = "buses:\n  plant: {" + keys + "}\n";
    return load_text(config.text(), drivers);
}

LoadedText load_bus(const std::string& keys) {
    FakeDrivers drivers;
    return load_bus(keys, drivers);
}

TEST(Bus, HandsItsDriversKeysOnWithTheirPlaces) {
    const LoadedText loaded = load_bus("driver: modbus, serial: /dev/ttyUSB0, baud: 19200, max_hole: 0x10");
    ASSERT_TRUE(loaded.config);
    const auto& settings = loaded.config->buses.at(0).settings;
    ASSERT_EQ(settings.size(), 3u);
    EXPECT_EQ(settings[0].name, "serial");
    EXPECT_EQ(settings[0].text, "/dev/ttyUSB0");
    EXPECT_EQ(settings[0].mark.line, 6);
    EXPECT_EQ(settings[0].mark.column, 35);
    EXPECT_EQ(settings[1].kind, KeyKind::choice);
    EXPECT_EQ(settings[1].text, "19200");
    EXPECT_EQ(settings[2].integer, 16);
    EXPECT_EQ(settings[2].number, 16);
    EXPECT_EQ(settings[2].text, "0x10");
}

TEST(Bus, OfADriverThatCannotBeUsedSaysWhy) {
    EXPECT_THAT(load_bus("driver: broken").problems,
                ElementsAre(HasSubstr("6:19: error: buses.plant.driver: the driver \"broken\" cannot be used: "
                                      "broken.so may be written by its group")));
}

TEST(Bus, OfAnUnknownDriverListsThoseThatAreThere) {
    EXPECT_THAT(load_bus("driver: zigbee").problems,
                ElementsAre(HasSubstr("there is no driver \"zigbee\"; write one of: broken, modbus, simulated")));
}

TEST(Bus, OfALaterDriverIsSkippedWithItsSensors) {
    FakeDrivers drivers;
    ConfigText config;
    config.buses += "  scale: {driver: serial, device: /dev/ttyS1, baud: 9600}\n";
    config.sensors += "  scale: {bus: scale, frame: line, points: {weight: {unit: kg, whatever: 1}}}\n";
    const LoadedText loaded = load_text(config.text(), drivers);
    EXPECT_THAT(
        loaded.problems,
        ElementsAre(HasSubstr("7:19: warning: buses.scale.driver: not active yet: the driver \"serial\""),
                    HasSubstr("10:16: warning: sensors.scale.bus: not active yet: its bus \"scale\" is skipped")));
    ASSERT_TRUE(loaded.config);
    ASSERT_EQ(loaded.config->buses.size(), 1u);
    EXPECT_THAT(drivers.checked, ElementsAre("plant"));
}

TEST(Bus, OfALaterDriverHasItsGeneralKeysChecked) {
    ConfigText config;
    config.buses += "  scale: {driver: serial, timeout: 1}\n";
    config.sensors += "  scale: {bus: scale, every: 1, points: {weight: {scale: x}}}\n";
    EXPECT_THAT(load_text(config.text()).problems,
                ElementsAre(HasSubstr(": warning: buses.scale.driver"), HasSubstr("7:36: error: buses.scale.timeout"),
                            HasSubstr(": warning: sensors.scale.bus"), HasSubstr("10:30: error: sensors.scale.every"),
                            HasSubstr("error: sensors.scale.points.weight.scale")));
}

TEST(Bus, WithoutSensorsIsJudgedButNotOpened) {
    FakeDrivers drivers;
    ConfigText config;
    config.buses += "  spare: {driver: modbus, tcp: 192.0.2.11}\n";
    const LoadedText loaded = load_text(config.text(), drivers);
    EXPECT_THAT(loaded.problems, ElementsAre(HasSubstr("7:3: warning: buses.spare: no active sensor is on it")));
    EXPECT_EQ(loaded.config->buses.size(), 1u);
    EXPECT_THAT(drivers.checked, ElementsAre("plant", "spare"));
}

TEST(Bus, IsGivenToItsDriverOnlyWithoutErrorsOfItsOwn) {
    FakeDrivers drivers;
    ConfigText config;
    config.buses += "  second: {driver: modbus, tcp: 192.0.2.11, parity: strange}\n";
    config.buses += "  third: {driver: modbus, tcp: 192.0.2.12}\n";
    config.sensors += "  b: {bus: second, unit: 1, points: {p: {input: 0}}}\n";
    config.sensors += "  c: {bus: third, unit: 1, points: {p: {input: x}}}\n";
    EXPECT_EQ(load_text(config.text(), drivers).problems.size(), 2u);
    EXPECT_THAT(drivers.checked, ElementsAre("plant"));
}

TEST(Bus, ThatItsDriverRefusesRefusesTheConfiguration) {
    FakeDrivers drivers;
    drivers.complaint = "tcp and serial; write one of them";
    const LoadedText loaded = load_text(ConfigText().text(), drivers);
    EXPECT_FALSE(loaded.config);
    EXPECT_THAT(loaded.problems, ElementsAre(HasSubstr("6:3: error: buses.plant: tcp and serial; write one of them")));
}

TEST(Bus, ThatIsNoMappingIsOneMistake) {
    ConfigText config;
    config.buses = "buses:\n  plant: modbus\n";
    EXPECT_THAT(load_text(config.text()).problems, ElementsAre(HasSubstr("6:10: error: buses.plant: must hold keys")));
}

TEST(Bus, GivesItsTimeoutToItsSensors) {
    ConfigText config;
    config.buses = "buses:\n  plant: {driver: modbus, tcp: 192.0.2.10, timeout: 2s}\n";
    config.sensors += "  pump: {bus: plant, unit: 4, timeout: 500ms, points: {run: {coil: 0}}}\n";
    const LoadedText loaded = load_text(config.text());
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(loaded.config->buses[0].timeout, 2s);
    EXPECT_EQ(loaded.config->buses[0].sensors.at(0).timeout, 2s);
    EXPECT_EQ(loaded.config->buses[0].sensors.at(1).timeout, 500ms);
}

TEST(Bus, HasKeysOfEveryKind) {
    ConfigText config;
    config.buses = "buses:\n  plant: {driver: simulated}\n";
    config.sensors =
        "sensors:\n  s:\n    bus: plant\n    delay: 1m\n    points:\n"
        "      p: {wave: sine, amplitude: 2.5, loud: true}\n";
    const LoadedText loaded = load_text(config.text());
    EXPECT_THAT(loaded.problems, IsEmpty());
    ASSERT_TRUE(loaded.config);
    const SensorConfig& sensor = loaded.config->buses[0].sensors.at(0);
    EXPECT_EQ(sensor.settings.at(0).integer, 60'000);
    EXPECT_EQ(sensor.points.at(0).settings.at(1).number, 2.5);
    EXPECT_EQ(sensor.points.at(0).settings.at(2).integer, 1);
}

}  // namespace
}  // namespace fieldlink
