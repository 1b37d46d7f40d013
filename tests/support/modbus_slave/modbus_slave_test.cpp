#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/modbus_slave/framer.hpp"
#include "tests/support/modbus_slave/slave.hpp"

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

Slave tcp_slave() {
    return Slave({Framing::tcp, {3}, 100});
}

// A TCP frame to unit 3; the function's two words are an address and a count or value.
Bytes to_unit_3(std::uint8_t function, int address, int word) {
    const auto low = [](int value) { return static_cast<std::uint8_t>(value & 0xff); };
    return {0, 1, 0, 0, 0, 6, 3, function, low(address >> 8), low(address), low(word >> 8), low(word)};
}

TEST(ModbusSlave, TellsExactlyWhatItServed) {
    Slave slave = tcp_slave();
    const Answer answer = slave.handle(to_unit_3(4, 0, 2));
    ASSERT_TRUE(answer.served);
    EXPECT_STREQ(answer.served->op, "read");
    EXPECT_THAT(answer.served->values, ElementsAre(772, 4871));
    EXPECT_THAT(Bytes(answer.bytes.begin() + 9, answer.bytes.end()), ElementsAre(3, 4, 0x13, 7));
}

TEST(ModbusSlave, ServesOtherInputsAtEachRead) {
    Slave slave = tcp_slave();
    const auto first = slave.handle(to_unit_3(4, 0, 1)).served->values;
    EXPECT_NE(slave.handle(to_unit_3(4, 0, 1)).served->values, first);
}

TEST(ModbusSlave, KeepsWhatWasWritten) {
    Slave slave = tcp_slave();
    const Answer written = slave.handle(to_unit_3(6, 10, 600));
    EXPECT_STREQ(written.served->op, "write");
    EXPECT_THAT(written.served->values, ElementsAre(600));
    EXPECT_THAT(slave.handle(to_unit_3(3, 10, 1)).served->values, ElementsAre(600));
}

TEST(ModbusSlave, SaysNothingForUnitsThatAreSilentOrUnknown) {
    Slave slave = tcp_slave();
    EXPECT_EQ(slave.order("silent 3"), "");
    EXPECT_THAT(slave.handle(to_unit_3(4, 0, 1)).bytes, IsEmpty());
    EXPECT_EQ(slave.order("ok"), "");
    EXPECT_THAT(slave.handle(to_unit_3(4, 0, 1)).bytes, Not(IsEmpty()));
    Bytes stranger = to_unit_3(4, 0, 1);
    stranger[6] = 4;
    EXPECT_THAT(slave.handle(stranger).bytes, IsEmpty());
}

TEST(ModbusSlave, RefusesReadsThatCoverARefusedAddressAndNoOthers) {
    Slave slave = tcp_slave();
    EXPECT_EQ(slave.order("exception 3 input 5 2"), "");
    EXPECT_EQ(slave.handle(to_unit_3(4, 4, 2)).served->exception, 2);
    EXPECT_EQ(slave.handle(to_unit_3(4, 6, 2)).served->exception, 0);
    EXPECT_EQ(slave.handle(to_unit_3(4, 3, 2)).served->exception, 0);
    EXPECT_EQ(slave.handle(to_unit_3(3, 4, 2)).served->exception, 0);
}

TEST(ModbusSlave, RefusesAddressesBeyondItsTables) {
    Slave slave = tcp_slave();
    EXPECT_EQ(slave.handle(to_unit_3(4, 99, 2)).served->exception, 2);
}

TEST(ModbusSlave, DelaysTheAnswersOfALateUnit) {
    Slave slave = tcp_slave();
    EXPECT_EQ(slave.order("late 3 700"), "");
    EXPECT_EQ(slave.handle(to_unit_3(4, 0, 1)).delay, std::chrono::milliseconds(700));
}

TEST(ModbusSlave, ExplainsOrdersItDoesNotUnderstand) {
    Slave slave = tcp_slave();
    EXPECT_THAT(slave.order("silent 9"), testing::HasSubstr("want:"));
    EXPECT_THAT(slave.order("set 3 holding 1"), testing::HasSubstr("want:"));
}

TEST(ModbusSlave, AnswersSeveralUnitsOnOneSerialLine) {
    Slave slave({Framing::rtu, {1, 2}, 100});
    const Bytes to_1{1, 4, 0, 0, 0, 1, 0x31, 0xca}, to_2{2, 4, 0, 0, 0, 1, 0x31, 0xf9};
    EXPECT_THAT(slave.handle(to_1).served->values, ElementsAre(258));
    EXPECT_THAT(slave.handle(to_2).served->values, ElementsAre(515));
}

TEST(ModbusSlave, IgnoresSerialRequestsWithAWrongCrc) {
    Slave slave({Framing::rtu, {1}, 100});
    EXPECT_THAT(slave.handle({1, 4, 0, 0, 0, 1, 0x31, 0xcb}).bytes, IsEmpty());
    EXPECT_THAT(slave.handle({1, 4, 0, 0, 0, 1, 0x31, 0xca}).bytes, Not(IsEmpty()));
}

TEST(Framer, CutsRequestsOutOfAStream) {
    Framer framer(Framing::tcp);
    const Bytes frame = to_unit_3(4, 0, 2);
    framer.feed(frame.data(), 5, {});
    EXPECT_FALSE(framer.next());
    framer.feed(frame.data() + 5, frame.size() - 5, {});
    framer.feed(frame.data(), frame.size(), {});
    EXPECT_EQ(framer.next(), frame);
    EXPECT_EQ(framer.next(), frame);
    EXPECT_FALSE(framer.next());
}

TEST(Framer, ForgetsTheBeginningOfASerialRequestAfterSilence) {
    Framer framer(Framing::rtu);
    const Bytes frame{1, 4, 0, 0, 0, 1, 0x31, 0xca};
    const Framer::Instant start;
    framer.feed(frame.data(), 4, start);
    framer.feed(frame.data(), frame.size(), start + std::chrono::milliseconds(60));
    EXPECT_EQ(framer.next(), frame);
}

}  // namespace
}  // namespace fieldlink
