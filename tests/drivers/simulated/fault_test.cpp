#include "drivers/simulated/fault.hpp"

#include <string>

#include <gtest/gtest.h>

#include "drivers/driver_abi.h"

namespace fieldlink {
namespace {

/// The first `polls` polls, F for those that fail.
std::string pattern(const FaultSettings& settings, int polls) {
    Fault fault(settings);
    std::string pattern;
    for (int i = 0; i < polls; ++i)
        pattern += fault.strikes() ? 'F' : '.';
    return pattern;
}

TEST(Fault, NeverStrikesUnasked) {
    EXPECT_EQ(pattern({FL_CODE_NONE, 2, 0}, 6), "......");
}

TEST(Fault, StrikesEachNthPoll) {
    EXPECT_EQ(pattern({FL_CODE_CRC, 3, 0}, 9), "..F..F..F");
}

TEST(Fault, LastsAsLongAsOrdered) {
    EXPECT_EQ(pattern({FL_CODE_CRC, 4, 2}, 12), "...FF..FF..F");
}

TEST(Fault, WithoutARhythmHitsTheFirstPolls) {
    EXPECT_EQ(pattern({FL_CODE_CRC, 0, 3}, 6), "FFF...");
}

TEST(Fault, WithoutAnyLimitLastsForEver) {
    EXPECT_EQ(pattern({FL_CODE_CRC, 0, 0}, 4), "FFFF");
}

TEST(Fault, KnowsTheCodesOfMessages) {
    EXPECT_EQ(fault_code("timeout"), FL_CODE_TIMEOUT);
    EXPECT_EQ(fault_code("out_of_range"), FL_CODE_OUT_OF_RANGE);
    EXPECT_EQ(fault_code("nothing"), std::nullopt);
}

}  // namespace
}  // namespace fieldlink
