#include "daemon/polling/sensor_reader.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

fl_value number(std::int64_t raw) {
    fl_value value{};
    value.kind = FL_VALUE_S64;
    value.as.s64 = raw;
    return value;
}

fl_value refused() {
    fl_value value{};
    value.error = FL_CODE_ILLEGAL_ADDRESS;
    return value;
}

SensorReader reader() {
    SensorConfig sensor;
    for (const char* name : {"temperature", "setpoint"}) {
        PointConfig point;
        point.name = name;
        sensor.points.push_back(point);
    }
    sensor.points[0].scale = Decimal{1, -1};
    return SensorReader(sensor);
}

TEST(SensorReader, EncodesTheValuesOfAReading) {
    EXPECT_EQ(reader().members({0, 1}, {number(715), number(60)}), R"("values":{"temperature":71.5,"setpoint":60})");
}

TEST(SensorReader, KeepsABadPointApartFromGoodOnes) {
    EXPECT_EQ(reader().members({0, 1}, {number(715), refused()}),
              R"("values":{"temperature":71.5},"errors":{"setpoint":{"code":"illegal_address"}})");
    EXPECT_EQ(reader().members({0}, {refused()}), R"("values":{},"errors":{"temperature":{"code":"illegal_address"}})");
}

TEST(SensorReader, GivesASingleValueOnlyForASinglePoint) {
    EXPECT_EQ(reader().single_value({1}, {number(60)}), "60");
    EXPECT_EQ(reader().single_value({1}, {refused()}), "");
    EXPECT_EQ(reader().single_value({0, 1}, {number(715), number(60)}), "");
    EXPECT_EQ(reader().values_object({0, 1}, {number(715), refused()}), R"({"temperature":71.5})");
}

TEST(SensorReader, QuotesWhatADriverSays) {
    EXPECT_EQ(SensorReader::error_members(FL_CODE_TIMEOUT, "unit 1: no \"answer\""),
              R"("error":{"code":"timeout","message":"unit 1: no \"answer\""})");
}

}  // namespace
}  // namespace fieldlink
