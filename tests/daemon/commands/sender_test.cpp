#include "daemon/commands/sender.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

TEST(Sender, IsAnyoneWhenNobodyIsNamed) {
    EXPECT_TRUE(sender_allowed({}, "whoever"));
}

TEST(Sender, MustMatchOneOfThePatternsWhole) {
    const std::vector<std::string> patterns{"backend", "ops-*"};
    EXPECT_TRUE(sender_allowed(patterns, "backend"));
    EXPECT_TRUE(sender_allowed(patterns, "ops-7"));
    EXPECT_TRUE(sender_allowed(patterns, "ops-"));
    for (const char* other : {"", "backend2", "xbackend", "ops", "xops-1"})
        EXPECT_FALSE(sender_allowed(patterns, other));
}

TEST(Sender, MatchesStarsAnywhere) {
    EXPECT_TRUE(sender_allowed({"*"}, ""));
    EXPECT_TRUE(sender_allowed({"a*b*c"}, "a-b-b-c"));
    EXPECT_FALSE(sender_allowed({"a*b*c"}, "a-c-b"));
    EXPECT_TRUE(sender_allowed({"**x"}, "yx"));
}

TEST(Sender, DoesNotTakeForeverForAHostilePattern) {
    EXPECT_FALSE(sender_allowed({std::string(50, '*') + "b"}, std::string(10'000, 'a')));
}

}  // namespace
}  // namespace fieldlink
