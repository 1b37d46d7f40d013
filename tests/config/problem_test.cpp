#include "config/problem.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

TEST(Problem, IsPrintedAsCompilersDo) {
    EXPECT_EQ(to_string({Severity::error, {"a.yaml", 7, 22}, "WHAT; write THAT"}),
              "a.yaml:7:22: error: WHAT; write THAT");
    EXPECT_EQ(to_string({Severity::warning, {"a.yaml", 1, 1}, "x"}), "a.yaml:1:1: warning: x");
}

TEST(Problem, OfAWholeFileHasNoLine) {
    EXPECT_EQ(to_string({Severity::error, {"a.yaml", 0, 0}, "there is no such file"}),
              "a.yaml: error: there is no such file");
}

TEST(Problem, ThatIsAWarningRefusesNothing) {
    EXPECT_FALSE(has_errors({}));
    EXPECT_FALSE(has_errors({{Severity::warning, {}, "x"}}));
    EXPECT_TRUE(has_errors({{Severity::warning, {}, "x"}, {Severity::error, {}, "y"}}));
}

}  // namespace
}  // namespace fieldlink
