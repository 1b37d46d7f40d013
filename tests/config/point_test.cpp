#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/files.hpp"

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

LoadedText load_point(const std::string& keys) {
    ConfigText config;
    config.sensors = "sensors:\n  s: {bus: plant, unit: 3, points: {p: {" + keys + "}}}\n";
    return load_text(config.text());
}

const PointConfig& point_of(const LoadedText& loaded) {
    return loaded.config->buses.at(0).sensors.at(0).points.at(0);
}

TEST(Point, HasNothingBesideItsNameByDefault) {
    const LoadedText loaded = load_point("input: 0");
    ASSERT_TRUE(loaded.config);
    const PointConfig& point = point_of(loaded);
    EXPECT_EQ(point.name, "p");
    EXPECT_EQ(point.mark.column, 37);
    EXPECT_FALSE(point.scale || point.offset || point.min || point.max || point.error_value || point.every);
    EXPECT_FALSE(point.writable);
    EXPECT_EQ(point.writable_mark.line, 0);
}

TEST(Point, HasExactScaleAndOffset) {
    const LoadedText loaded = load_point("input: 0, scale: 0.1, offset: -12.50");
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(point_of(loaded).scale->mantissa, 1);
    EXPECT_EQ(point_of(loaded).scale->exponent, -1);
    EXPECT_EQ(point_of(loaded).offset->mantissa, -125);
    EXPECT_EQ(point_of(loaded).offset->exponent, -1);
}

TEST(Point, ThatIsWritableSaysWhere) {
    const LoadedText loaded = load_point("holding: 0, writable: true, min: -1.5, max: 1e3");
    EXPECT_THAT(loaded.problems, IsEmpty());
    ASSERT_TRUE(loaded.config);
    EXPECT_TRUE(point_of(loaded).writable);
    EXPECT_EQ(point_of(loaded).writable_mark.column, 63);
    EXPECT_EQ(point_of(loaded).min, -1.5);
    EXPECT_EQ(point_of(loaded).max, 1000);
}

TEST(Point, MayHaveOneValueOnlyToWrite) {
    EXPECT_TRUE(load_point("holding: 0, writable: true, min: 1, max: 1").config);
}

TEST(Point, WithLimitsButNotWritableWarns) {
    EXPECT_THAT(load_point("input: 0, min: 1").problems,
                ElementsAre(HasSubstr("8:56: warning: sensors.s.points.p.min: limits what may be written")));
}

TEST(Point, RefusesNumbersThatAreNone) {
    for (const char* const number : {"nan", ".inf", "'1,5'", "0x10", "''", "1e999", "five"}) {
        const LoadedText loaded = load_point("input: 0, writable: true, min: " + std::string(number));
        EXPECT_THAT(loaded.problems, ElementsAre(HasSubstr("8:72: error: sensors.s.points.p.min: "))) << number;
    }
}

TEST(Point, RefusesAScaleThatCannotBeExact) {
    EXPECT_THAT(load_point("input: 0, scale: 0.1234567890123456789012").problems,
                ElementsAre(HasSubstr("has too many digits")));
    EXPECT_THAT(load_point("input: 0, scale: 1e-19").problems, ElementsAre(HasSubstr("has too many digits")));
}

TEST(Point, HasAUnitThatIsAText) {
    EXPECT_EQ(point_of(load_point("input: 0, unit: m³/h")).unit, "m³/h");
    EXPECT_THAT(load_point("input: 0, unit: [kWh]").problems, ElementsAre(HasSubstr("unit: is a list; write a text")));
    EXPECT_THAT(load_point("input: 0, unit: '" + std::string(33, 'x') + "'").problems,
                ElementsAre(HasSubstr("is longer than a unit of measurement")));
}

TEST(Point, RefusesAKeyOfItsSensor) {
    EXPECT_THAT(load_point("input: 0, timeout: 1s").problems,
                ElementsAre(HasSubstr("error: sensors.s.points.p.timeout: is not a key here; move it to the sensor")));
}

TEST(Point, HasAPeriodThatIsCheckedThoughNotActive) {
    EXPECT_THAT(load_point("input: 0, every: 1m").problems, ElementsAre(HasSubstr("every: not active yet")));
    EXPECT_THAT(load_point("input: 0, every: 9ms").problems, ElementsAre(HasSubstr("error: sensors.s.points.p.every")));
}

}  // namespace
}  // namespace fieldlink
