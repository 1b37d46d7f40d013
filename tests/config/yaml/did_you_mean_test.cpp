#include "config/yaml/did_you_mean.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

TEST(EditDistance, CountsLettersPutInLeftOutChangedAndSwapped) {
    EXPECT_EQ(edit_distance("every", "every"), 0u);
    EXPECT_EQ(edit_distance("evry", "every"), 1u);
    EXPECT_EQ(edit_distance("everyy", "every"), 1u);
    EXPECT_EQ(edit_distance("avery", "every"), 1u);
    EXPECT_EQ(edit_distance("evrey", "every"), 1u);
    EXPECT_EQ(edit_distance("", "abc"), 3u);
    EXPECT_EQ(edit_distance("CDBA", "CDAB"), 1u);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
}

TEST(EditDistance, TakesCapitalsForSmallLetters) {
    EXPECT_EQ(edit_distance("Even", "eVEN"), 0u);
}

TEST(DidYouMean, NamesTheNearestAndAllOthers) {
    EXPECT_EQ(did_you_mean("reconect", {"rate", "reconnect"}), "; did you mean \"reconnect\"? (rate, reconnect)");
}

TEST(DidYouMean, SuggestsNothingThatIsFarOff) {
    EXPECT_EQ(did_you_mean("colour", {"rate", "reconnect"}), "; write one of: rate, reconnect");
    EXPECT_EQ(nearest("ab", {"xy"}), std::nullopt);
    EXPECT_EQ(nearest(std::string(100'000, 'x'), {"xy"}), std::nullopt);
    EXPECT_EQ(nearest("", {"a"}), std::nullopt);
    EXPECT_EQ(did_you_mean("a", {}), "");
}

}  // namespace
}  // namespace fieldlink
