#include "config/yaml/section.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

enum class Colour { red, green };

class SectionTest : public testing::Test {
protected:
    Section section(const std::string& text) {
        YamlFault fault;
        root_ = *parse_yaml(text, "f", fault);
        return Section({&root_, {"f", 1, 1}, "top", "top"}, report_);
    }
    std::vector<std::string> problems() const {
        std::vector<std::string> result;
        for (const Problem& problem : report_.sorted())
            result.push_back(to_string(problem));
        return result;
    }

    YamlNode root_;
    Report report_{{{"top.later", "nothing happens"}}};
};

TEST_F(SectionTest, SuggestsTheKeysThatItWasAskedFor) {
    Section keys = section("evry: 1s\nunit: 3\n");
    keys.find("every");
    keys.find("every");
    keys.find("unit");
    keys.refuse_unknown_keys();
    EXPECT_THAT(problems(), ElementsAre("f:1:1: error: top.evry: unknown key; did you mean \"every\"? (every, unit)"));
}

TEST_F(SectionTest, SaysWhereAKeyBelongs) {
    Section keys = section("tcp: x\n");
    keys.belongs_elsewhere("tcp", "the bus");
    keys.refuse_unknown_keys();
    EXPECT_THAT(problems(), ElementsAre("f:1:1: error: top.tcp: is not a key here; move it to the bus"));
}

TEST_F(SectionTest, TakesTheFirstOfTwoEqualKeysAndReportsTheOther) {
    Section keys = section("a: one\na: two\n");
    std::string a;
    keys.text("a", a);
    EXPECT_EQ(a, "one");
    EXPECT_THAT(problems(), ElementsAre("f:2:1: error: top.a: is written twice, first at f:1:1; keep one of them"));
}

TEST_F(SectionTest, LeavesTheDefaultWhereNothingRightIsWritten) {
    Section keys = section("number: x\nword: blue\nflag: 1\n");
    double number = 2;
    Colour word = Colour::green;
    bool flag = true;
    unsigned absent = 7;
    keys.number("number", number, {0, 10});
    keys.word("word", word, {"red", "green"});
    keys.boolean("flag", flag);
    keys.whole("absent", absent, {0, 10});
    EXPECT_EQ(number, 2);
    EXPECT_EQ(word, Colour::green);
    EXPECT_TRUE(flag);
    EXPECT_EQ(absent, 7u);
    EXPECT_EQ(report_.errors(), 3u);
}

TEST_F(SectionTest, TakesQuotedNumbersAndBothEndsOfARange) {
    Section keys = section("a: '0'\nb: \"10\"\nc: 11\n");
    double a = 5, b = 5, c = 5;
    keys.number("a", a, {0, 10});
    keys.number("b", b, {0, 10});
    keys.number("c", c, {0, 10});
    EXPECT_EQ(a, 0);
    EXPECT_EQ(b, 10);
    EXPECT_EQ(c, 5);
    EXPECT_THAT(problems(), ElementsAre("f:3:4: error: top.c: \"11\" is too large; the most is 10"));
}

TEST_F(SectionTest, WarnsOfALaterKeyUnlessItHasItsDefault) {
    bool later = false;
    section("later: false\n").boolean("later", later);
    EXPECT_THAT(problems(), IsEmpty());
    section("later: true\n").boolean("later", later);
    EXPECT_THAT(problems(), ElementsAre("f:1:1: warning: top.later: not active yet: nothing happens"));
}

TEST_F(SectionTest, OfSomethingElseThanKeysIsReportedOnceAndReadsAsEmpty) {
    Section keys = section("[a, b]\n");
    EXPECT_FALSE(keys.find("a"));
    EXPECT_FALSE(keys.require("b", "b: 1"));
    keys.refuse_unknown_keys();
    EXPECT_EQ(problems().size(), 1u);
}

TEST_F(SectionTest, ReportsWhatIsMissingAtItsOwnKey) {
    EXPECT_FALSE(section("a: 1\n").require("b", "b: NAME"));
    EXPECT_THAT(problems(), ElementsAre("f:1:1: error: top.b: is missing; write b: NAME"));
}

TEST_F(SectionTest, DoesNotRepeatKeysThatWouldMoveTheCursor) {
    section("\"a\\x1b[2J\": 1\n").refuse_unknown_keys();
    EXPECT_THAT(problems(), ElementsAre("f:1:1: error: top.a?[2J: unknown key"));
}

TEST(Report, SortsByTheOrderOfFilesThenByPlace) {
    Report report;
    report.add_file("z");
    report.add_file("a");
    report.warning({"a", 1, 1}, "", "fourth");
    report.error({"z", 2, 1}, "", "third");
    report.error({"z", 1, 9}, "", "second");
    report.add({{Severity::warning, {"z", 1, 2}, "first"}});
    std::vector<std::string> texts;
    for (const Problem& problem : report.sorted())
        texts.push_back(problem.text);
    EXPECT_THAT(texts, ElementsAre("first", "second", "third", "fourth"));
    EXPECT_EQ(report.errors(), 2u);
}

}  // namespace
}  // namespace fieldlink
