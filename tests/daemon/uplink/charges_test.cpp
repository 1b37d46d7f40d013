#include "daemon/uplink/charges.hpp"

#include <gtest/gtest.h>

#include "daemon/uplink/frame_limit.hpp"

namespace fieldlink {
namespace {

constexpr Charges::Item kIt{7, std::nullopt}, kOther{8, std::nullopt};

TEST(Charges, CondemnWhatWasRefusedOnTwoConnectionsWithAnAckOfItsChannelBetween) {
    Charges charges;
    EXPECT_FALSE(charges.charge(kIt, "c", 1));
    charges.acked(kOther, "c");
    EXPECT_TRUE(charges.charge(kIt, "c", 2));
}

TEST(Charges, CondemnNothingWithinOneConnection) {
    Charges charges;
    charges.charge(kIt, "c", 1);
    charges.acked(kOther, "c");
    EXPECT_FALSE(charges.charge(kIt, "c", 1));
    EXPECT_FALSE(charges.charge(kIt, "c", 1));
    EXPECT_TRUE(charges.charge(kIt, "c", 2));
}

TEST(Charges, CondemnNothingWhileTheChannelTakesNothingElse) {
    Charges charges;
    for (std::uint64_t connection = 1; connection < 9; ++connection) {
        EXPECT_FALSE(charges.charge(kIt, "c", connection));
        charges.acked(kOther, "another channel");
    }
}

TEST(Charges, CountNoAckOfTheSameMessageForIt) {
    Charges charges;
    const Charges::Item part{7, Part{0, 2, 4}}, other_part{7, Part{2, 2, 4}};
    charges.charge(part, "c", 1);
    charges.acked(other_part, "c");
    EXPECT_FALSE(charges.charge(part, "c", 2));
}

TEST(Charges, AreDroppedWhenItIsAcked) {
    Charges charges;
    charges.charge(kIt, "c", 1);
    charges.acked(kIt, "c");
    charges.acked(kOther, "c");
    EXPECT_FALSE(charges.charge(kIt, "c", 2));
}

TEST(Charges, DistinguishPartsOfAMessage) {
    Charges charges;
    charges.charge({7, Part{0, 2, 4}}, "c", 1);
    charges.acked(kOther, "c");
    EXPECT_FALSE(charges.charge({7, Part{2, 2, 4}}, "c", 2));
    EXPECT_FALSE(charges.charge({7, std::nullopt}, "c", 2));
    EXPECT_TRUE(charges.charge({7, Part{0, 2, 4}}, "c", 2));
}

TEST(Charges, ForgetTheOldestWhenTheyAreTooMany) {
    Charges charges;
    charges.charge(kIt, "c", 1);
    for (std::size_t i = 0; i < Charges::kMost; ++i)
        charges.charge({1000 + static_cast<std::int64_t>(i), std::nullopt}, "c", 1);
    charges.acked(kOther, "c");
    EXPECT_FALSE(charges.charge(kIt, "c", 2));
    EXPECT_TRUE(charges.charge({1000 + static_cast<std::int64_t>(Charges::kMost) - 1, std::nullopt}, "c", 2));
}

TEST(FrameLimit, HalvesWhatWasTooBigAndKeepsToItWhateverIsAnnounced) {
    FrameLimit limit;
    limit.announced(64'000);
    EXPECT_EQ(limit.usual(), 64'000u);
    limit.found_too_big(40'000);
    EXPECT_EQ(limit.usual(), 20'000u);
    limit.announced(128'000);
    EXPECT_EQ(limit.usual(), 20'000u);
    EXPECT_EQ(limit.announced(), 128'000u);
    limit.found_too_big(50'000);
    EXPECT_EQ(limit.usual(), 20'000u);
    limit.found_too_big(100);
    EXPECT_EQ(limit.usual(), FrameLimit::kLeast);
}

}  // namespace
}  // namespace fieldlink
