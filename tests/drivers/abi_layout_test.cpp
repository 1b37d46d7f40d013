#include <cstddef>

#include <gtest/gtest.h>

#include "drivers/driver_abi.h"

/// The layout that drivers in the field were compiled with. If one of these fails, either undo the change, or raise
/// FL_DRIVER_ABI_VERSION and write the new layout here.
namespace fieldlink {
namespace {

static_assert(sizeof(void*) == 8, "the figures below are those of 64-bit machines");

TEST(DriverAbi, KeepsTheVersionThatTheLayoutBelongsTo) {
    EXPECT_EQ(FL_DRIVER_ABI_VERSION, 1u);
    EXPECT_STREQ(FL_DRIVER_SYMBOL, "fieldlink_driver");
}

TEST(DriverAbi, KeepsTheSizeOfEveryStruct) {
    EXPECT_EQ(sizeof(fl_error), 256u);
    EXPECT_EQ(sizeof(fl_key), 48u);
    EXPECT_EQ(sizeof(fl_setting), 40u);
    EXPECT_EQ(sizeof(fl_point_config), 24u);
    EXPECT_EQ(sizeof(fl_sensor_config), 40u);
    EXPECT_EQ(sizeof(fl_bus_config), 40u);
    EXPECT_EQ(sizeof(fl_place), 16u);
    EXPECT_EQ(sizeof(fl_reporter), 24u);
    EXPECT_EQ(sizeof(fl_value), 16u);
    EXPECT_EQ(sizeof(fl_write), 24u);
    EXPECT_EQ(sizeof(fl_host), 24u);
    EXPECT_EQ(sizeof(fl_driver), 112u);
}

TEST(DriverAbi, KeepsThePlacesInTheConfiguration) {
    EXPECT_EQ(offsetof(fl_key, kind), 8u);
    EXPECT_EQ(offsetof(fl_key, required), 12u);
    EXPECT_EQ(offsetof(fl_key, min), 16u);
    EXPECT_EQ(offsetof(fl_key, max), 24u);
    EXPECT_EQ(offsetof(fl_key, choices), 32u);
    EXPECT_EQ(offsetof(fl_key, help), 40u);
    EXPECT_EQ(offsetof(fl_setting, kind), 8u);
    EXPECT_EQ(offsetof(fl_setting, integer), 16u);
    EXPECT_EQ(offsetof(fl_setting, number), 24u);
    EXPECT_EQ(offsetof(fl_setting, text), 32u);
    EXPECT_EQ(offsetof(fl_point_config, settings), 8u);
    EXPECT_EQ(offsetof(fl_point_config, setting_count), 16u);
    EXPECT_EQ(offsetof(fl_point_config, writable), 20u);
    EXPECT_EQ(offsetof(fl_sensor_config, setting_count), 16u);
    EXPECT_EQ(offsetof(fl_sensor_config, timeout_ms), 20u);
    EXPECT_EQ(offsetof(fl_sensor_config, points), 24u);
    EXPECT_EQ(offsetof(fl_sensor_config, point_count), 32u);
    EXPECT_EQ(offsetof(fl_bus_config, setting_count), 4u);
    EXPECT_EQ(offsetof(fl_bus_config, name), 8u);
    EXPECT_EQ(offsetof(fl_bus_config, settings), 16u);
    EXPECT_EQ(offsetof(fl_bus_config, sensors), 24u);
    EXPECT_EQ(offsetof(fl_bus_config, sensor_count), 32u);
    EXPECT_EQ(offsetof(fl_bus_config, timeout_ms), 36u);
}

TEST(DriverAbi, KeepsThePlacesInWhatCallsCarry) {
    EXPECT_EQ(offsetof(fl_error, message), 4u);
    EXPECT_EQ(offsetof(fl_place, point), 4u);
    EXPECT_EQ(offsetof(fl_place, key), 8u);
    EXPECT_EQ(offsetof(fl_reporter, context), 8u);
    EXPECT_EQ(offsetof(fl_reporter, problem), 16u);
    EXPECT_EQ(offsetof(fl_value, error), 2u);
    EXPECT_EQ(offsetof(fl_value, text_size), 4u);
    EXPECT_EQ(offsetof(fl_value, as), 8u);
    EXPECT_EQ(offsetof(fl_write, value), 8u);
    EXPECT_EQ(offsetof(fl_host, context), 8u);
    EXPECT_EQ(offsetof(fl_host, log), 16u);
}

TEST(DriverAbi, KeepsThePlacesInTheTable) {
    EXPECT_EQ(offsetof(fl_driver, abi_version), 0u);
    EXPECT_EQ(offsetof(fl_driver, size), 4u);
    EXPECT_EQ(offsetof(fl_driver, name), 8u);
    EXPECT_EQ(offsetof(fl_driver, version), 16u);
    EXPECT_EQ(offsetof(fl_driver, summary), 24u);
    EXPECT_EQ(offsetof(fl_driver, bus_keys), 32u);
    EXPECT_EQ(offsetof(fl_driver, sensor_keys), 40u);
    EXPECT_EQ(offsetof(fl_driver, point_keys), 48u);
    EXPECT_EQ(offsetof(fl_driver, check), 56u);
    EXPECT_EQ(offsetof(fl_driver, create), 64u);
    EXPECT_EQ(offsetof(fl_driver, destroy), 72u);
    EXPECT_EQ(offsetof(fl_driver, open), 80u);
    EXPECT_EQ(offsetof(fl_driver, close), 88u);
    EXPECT_EQ(offsetof(fl_driver, poll), 96u);
    EXPECT_EQ(offsetof(fl_driver, write), 104u);
}

}  // namespace
}  // namespace fieldlink
