#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "drivers/modbus/bus_settings.hpp"
#include "support/driven_bus.hpp"

namespace fieldlink {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::vector<std::string> problems_with(const BusText& text) {
    return problems_of(built_driver("modbus"), text);
}

std::vector<std::string> problems_with_bus(std::vector<Written> settings) {
    return problems_with({"plant", std::move(settings), {{"boiler", {{"unit", "3"}}, {{"t", {{"input", "0"}}}}}}});
}

std::vector<std::string> problems_with_unit(const std::string& unit, const std::vector<Written>& bus) {
    return problems_with({"plant", bus, {{"boiler", {{"unit", unit}}, {{"t", {{"input", "0"}}}}}}});
}

std::vector<std::string> problems_with_points(std::vector<PointText> points) {
    return problems_with({"plant", {{"tcp", "192.0.2.10"}}, {{"boiler", {{"unit", "3"}}, std::move(points)}}});
}

std::vector<std::string> problems_with_point(std::vector<Written> settings, bool writable = false) {
    return problems_with_points({{"p", std::move(settings), writable}});
}

TEST(ModbusCheck, AcceptsTheExampleOfTheManual) {
    EXPECT_THAT(problems_with_points({{"temperature", {{"input", "0"}, {"type", "s16"}}},
                                      {"energy", {{"input", "4"}, {"type", "u32"}, {"order", "CDAB"}}},
                                      {"setpoint", {{"holding", "10"}, {"type", "u16"}}, true},
                                      {"pump", {{"coil", "4"}}, true}}),
                IsEmpty());
}

TEST(ModbusCheck, WantsExactlyOneWayToTheBus) {
    EXPECT_THAT(problems_with_bus({}), ElementsAre(StartsWith("error plant: nothing says where the bus is")));
    EXPECT_THAT(problems_with_bus({{"tcp", "a"}, {"serial", "/dev/null"}}),
                ElementsAre(StartsWith("error plant: more than one key says where the bus is")));
}

TEST(ModbusCheck, AcceptsAddressesInEveryUsualForm) {
    for (const char* address : {"plc", "plc:1502", "192.0.2.10", "192.0.2.10:502", "[::1]", "[fe80::1]:1502"})
        EXPECT_THAT(problems_with_bus({{"tcp", address}}), IsEmpty()) << address;
}

TEST(ModbusCheck, RefusesAddressesThatAreNone) {
    EXPECT_THAT(problems_with_bus({{"tcp", "plc:0"}}), ElementsAre(StartsWith("error plant.tcp: \"0\" is not a port")));
    EXPECT_THAT(problems_with_bus({{"tcp", "plc:99999"}}), ElementsAre(HasSubstr("\"99999\" is not a port")));
    EXPECT_THAT(problems_with_bus({{"tcp", "plc:"}}), ElementsAre(HasSubstr("\"\" is not a port")));
    EXPECT_THAT(problems_with_bus({{"tcp", ":502"}}), ElementsAre(HasSubstr("is not an address")));
    EXPECT_THAT(problems_with_bus({{"tcp", "[::1"}}), ElementsAre(HasSubstr("brackets")));
    EXPECT_THAT(problems_with_bus({{"tcp", "[::1]502"}}), ElementsAre(HasSubstr("is not an address")));
    EXPECT_THAT(problems_with_bus({{"tcp", "fe80::1"}}), ElementsAre(HasSubstr("[fe80::1]:502")));
}

TEST(ModbusAddress, DefaultsToTheRegisteredPort) {
    std::string why_not;
    const auto address = parse_tcp_address("[fe80::1]", why_not);
    ASSERT_TRUE(address);
    EXPECT_EQ(address->host, "fe80::1");
    EXPECT_EQ(address->port, "502");
    EXPECT_EQ(parse_tcp_address("plc:1502", why_not)->port, "1502");
}

TEST(ModbusCheck, WarnsOfADeviceThatIsNotThere) {
    EXPECT_THAT(problems_with_bus({{"serial", "/dev/ttyNone"}}),
                ElementsAre(StartsWith("warning plant.serial: /dev/ttyNone is not there now")));
    EXPECT_THAT(problems_with_bus({{"serial", "/dev/null"}}), IsEmpty());
    EXPECT_THAT(problems_with_bus({{"serial", "COM1"}}), ElementsAre(StartsWith("error plant.serial: \"COM1\"")));
}

TEST(ModbusCheck, TakesSerialKeysOnSerialLinesAlone) {
    EXPECT_THAT(problems_with_bus({{"serial", "/dev/null"}, {"baud", "9600"}, {"parity", "none"}, {"stop_bits", "2"}}),
                IsEmpty());
    EXPECT_THAT(problems_with_bus({{"tcp", "plc"}, {"baud", "9600"}}),
                ElementsAre(StartsWith("error plant.baud: baud belongs to a serial line")));
}

TEST(ModbusCheck, SaysWhatIsNotActiveYet) {
    EXPECT_THAT(problems_with_bus({{"rtu_tcp", "plc:4001"}}),
                ElementsAre("warning plant.rtu_tcp: rtu_tcp: not active yet"));
    EXPECT_THAT(problems_with_bus({{"serial", "/dev/null"}, {"rs485", "true"}}),
                ElementsAre("warning plant.rs485: rs485: not active yet"));
    EXPECT_THAT(problems_with_unit("0", {{"tcp", "plc"}}),
                ElementsAre(AllOf(StartsWith("warning plant.boiler.unit: "), HasSubstr("not active yet"))));
}

TEST(ModbusCheck, KnowsTheUnitsThatExist) {
    EXPECT_THAT(problems_with_unit("247", {{"serial", "/dev/null"}}), IsEmpty());
    EXPECT_THAT(problems_with_unit("255", {{"tcp", "plc"}}), IsEmpty());
    EXPECT_THAT(problems_with_unit("255", {{"serial", "/dev/null"}}),
                ElementsAre(StartsWith("error plant.boiler.unit: unit 255 does not exist")));
    EXPECT_THAT(problems_with_unit("248", {{"tcp", "plc"}}), ElementsAre(HasSubstr("unit 248 does not exist")));
}

TEST(ModbusCheck, WantsExactlyOneTableForAPoint) {
    EXPECT_THAT(problems_with_point({}),
                ElementsAre(StartsWith("error plant.boiler.p: nothing says where the point is")));
    EXPECT_THAT(problems_with_point({{"input", "0"}, {"holding", "1"}}),
                ElementsAre(HasSubstr("the point is already at input:")));
}

TEST(ModbusCheck, NamesTheNumberToWriteForAManualsNumber) {
    EXPECT_THAT(problems_with_point({{"input", "30001"}}),
                ElementsAre(AllOf(StartsWith("error plant.boiler.p.input: 30001 is a manual's number"),
                                  HasSubstr("input: 0 "))));
    EXPECT_THAT(problems_with_point({{"holding", "40011"}}), ElementsAre(HasSubstr("on the wire it is holding: 10 ")));
    EXPECT_THAT(problems_with_point({{"discrete", "10005"}}), ElementsAre(HasSubstr("on the wire it is discrete: 4 ")));
    EXPECT_THAT(problems_with_point({{"holding", "400001"}}), ElementsAre(HasSubstr("on the wire it is holding: 0")));
    EXPECT_THAT(problems_with_point({{"input", "365536"}}), ElementsAre(HasSubstr("on the wire it is input: 65535")));
}

TEST(ModbusCheck, LetsAHexadecimalAddressMeanItself) {
    EXPECT_THAT(problems_with_point({{"holding", "40002"}}), ElementsAre(HasSubstr("write 0x9C42")));
    EXPECT_THAT(problems_with_point({{"holding", "0x9C42"}}), IsEmpty());
    EXPECT_THAT(problems_with_point({{"holding", "40000"}}), IsEmpty());
}

TEST(ModbusCheck, KeepsPointsWithinTheAddresses) {
    EXPECT_THAT(problems_with_point({{"input", "65535"}}), IsEmpty());
    EXPECT_THAT(problems_with_point({{"input", "65536"}}), ElementsAre(HasSubstr("65536 is too large")));
    EXPECT_THAT(problems_with_point({{"input", "65535"}, {"type", "u32"}}),
                ElementsAre(HasSubstr("beyond the last address")));
}

TEST(ModbusCheck, TakesTypesForRegistersAlone) {
    EXPECT_THAT(problems_with_point({{"coil", "0"}, {"type", "u16"}, {"order", "ABCD"}, {"bits", "1"}}),
                ElementsAre(StartsWith("error plant.boiler.p.type: coil: is a single bit"),
                            StartsWith("error plant.boiler.p.order"), StartsWith("error plant.boiler.p.bits")));
}

TEST(ModbusCheck, WantsALengthForAStringAndForNothingElse) {
    EXPECT_THAT(problems_with_point({{"input", "0"}, {"type", "string"}, {"length", "8"}}), IsEmpty());
    EXPECT_THAT(problems_with_point({{"input", "0"}, {"type", "string"}}), ElementsAre(HasSubstr("write length: N")));
    EXPECT_THAT(problems_with_point({{"input", "0"}, {"type", "u32"}, {"length", "2"}}),
                ElementsAre(HasSubstr("u32 has a length of its own")));
    EXPECT_THAT(problems_with_point({{"input", "0"}, {"type", "string"}, {"length", "2"}, {"order", "CDAB"}}),
                ElementsAre(HasSubstr("a string has no order of registers")));
}

TEST(ModbusCheck, UnderstandsBits) {
    EXPECT_THAT(problems_with_point({{"holding", "0"}, {"bits", "15"}}), IsEmpty());
    EXPECT_THAT(problems_with_point({{"holding", "0"}, {"type", "u32"}, {"bits", "4-31"}}), IsEmpty());
    EXPECT_THAT(problems_with_point({{"holding", "0"}, {"bits", "16"}}), ElementsAre(HasSubstr("no bit 16 in u16")));
    EXPECT_THAT(problems_with_point({{"holding", "0"}, {"bits", "7-4"}}), ElementsAre(HasSubstr("are no bits")));
    EXPECT_THAT(problems_with_point({{"holding", "0"}, {"bits", "4-"}}), ElementsAre(HasSubstr("are no bits")));
    EXPECT_THAT(problems_with_point({{"holding", "0"}, {"bits", "low"}}), ElementsAre(HasSubstr("are no bits")));
    EXPECT_THAT(problems_with_point({{"holding", "0"}, {"type", "f32"}, {"bits", "1"}}),
                ElementsAre(HasSubstr("f32 has no bits")));
}

TEST(ModbusCheck, RefusesToWriteWhatCannotBeWritten) {
    EXPECT_THAT(problems_with_point({{"input", "0"}}, true),
                ElementsAre(HasSubstr("input registers can only be read")));
    EXPECT_THAT(problems_with_point({{"discrete", "0"}}, true),
                ElementsAre(HasSubstr("discrete inputs can only be read")));
    EXPECT_THAT(problems_with_point({{"holding", "0"}, {"bits", "1"}}, true),
                ElementsAre(HasSubstr("cannot be written yet")));
    EXPECT_THAT(problems_with_point({{"holding", "0"}}, true), IsEmpty());
}

TEST(ModbusCheck, FindsPointsThatOverlapPartly) {
    EXPECT_THAT(
        problems_with_points({{"a", {{"input", "0"}, {"type", "u32"}}}, {"b", {{"input", "1"}}}}),
        ElementsAre("error plant.boiler.b: input 1 overlaps with input 0-1 of \"a\"; correct the address or the type "
                    "of one of them"));
    EXPECT_THAT(problems_with_points({{"a", {{"input", "0"}, {"type", "u64"}}}, {"b", {{"input", "0"}}}}),
                ElementsAre(HasSubstr("overlaps")));
    EXPECT_THAT(problems_with_points(
                    {{"a", {{"input", "0"}, {"type", "u64"}}}, {"b", {{"input", "4"}}}, {"c", {{"input", "3"}}}}),
                ElementsAre(StartsWith("error plant.boiler.c: input 3 overlaps with input 0-3")));
}

TEST(ModbusCheck, FindsEveryPointWithinALongOne) {
    EXPECT_THAT(problems_with_points(
                    {{"a", {{"input", "0"}, {"type", "u64"}}}, {"b", {{"input", "1"}}}, {"c", {{"input", "2"}}}}),
                ElementsAre(HasSubstr("boiler.b: input 1 overlaps with input 0-3"),
                            HasSubstr("boiler.c: input 2 overlaps with input 0-3")));
}

TEST(ModbusCheck, AllowsTheSameRangeUnderSeveralNames) {
    EXPECT_THAT(problems_with_points({{"a", {{"input", "0"}, {"bits", "0"}}},
                                      {"b", {{"input", "0"}, {"bits", "1-3"}}},
                                      {"c", {{"holding", "0"}, {"type", "u32"}}}}),
                IsEmpty());
}

}  // namespace
}  // namespace fieldlink
