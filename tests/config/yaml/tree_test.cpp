#include "config/yaml/tree.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

YamlNode parsed(const std::string& text) {
    YamlFault fault;
    const auto root = parse_yaml(text, "f", fault);
    EXPECT_TRUE(root.has_value()) << fault.text;
    return root.value_or(YamlNode{});
}

/// LINE:COL: TEXT of what is wrong.
std::string fault_of(const std::string& text) {
    YamlFault fault;
    if (parse_yaml(text, "f", fault)) return "none";
    return std::to_string(fault.mark.line) + ":" + std::to_string(fault.mark.column) + ": " + fault.text;
}

void expect_fault(const std::string& text, const std::string& beginning) {
    EXPECT_EQ(fault_of(text).substr(0, beginning.size()), beginning) << text;
}

TEST(YamlTree, KnowsWhereKeysAndValuesAre) {
    const YamlNode root = parsed("a:\n  b: [x, 'y z']\n");
    ASSERT_EQ(root.entries.size(), 1u);
    const YamlEntry& b = root.entries[0].value.entries.at(0);
    EXPECT_EQ(b.key, "b");
    EXPECT_EQ(b.mark.line, 2);
    EXPECT_EQ(b.mark.column, 3);
    EXPECT_EQ(b.value.kind, YamlNode::Kind::list);
    EXPECT_EQ(b.value.mark.column, 6);
    EXPECT_EQ(b.value.items.at(1).text, "y z");
    EXPECT_EQ(b.value.items.at(1).mark.column, 10);
}

TEST(YamlTree, CountsColumnsInCharacters) {
    const YamlNode root = parsed("a: {unit: °C, foo: 1}\r\nb: é\n");
    EXPECT_EQ(root.entries[0].value.entries.at(1).mark.column, 15);
    EXPECT_EQ(root.entries[1].mark.line, 2);
}

TEST(YamlTree, KeepsBothOfTwoEqualKeys) {
    EXPECT_EQ(parsed("a: 1\na: 2\n").entries.size(), 2u);
}

TEST(YamlTree, TellsNothingFromAnEmptyText) {
    const YamlNode root = parsed("a:\nb: ''\nc: ~\n");
    EXPECT_EQ(root.entries[0].value.kind, YamlNode::Kind::null);
    EXPECT_EQ(root.entries[1].value.kind, YamlNode::Kind::scalar);
    EXPECT_EQ(root.entries[2].value.kind, YamlNode::Kind::null);
    EXPECT_EQ(parsed("").kind, YamlNode::Kind::null);
    EXPECT_EQ(parsed("# nothing\n").kind, YamlNode::Kind::null);
}

TEST(YamlTree, ReplacesAliasesByWhatTheyStandFor) {
    const YamlNode root = parsed("a: &x {k: v}\nb: *x\n");
    EXPECT_EQ(root.entries[1].value.entries.at(0).value.text, "v");
    EXPECT_EQ(root.entries[1].value.entries.at(0).mark.line, 1);
}

TEST(YamlTree, SaysWhereTheSyntaxIsWrong) {
    expect_fault("a:\n\tb: 1\n", "2:1: not YAML: a tab in the indentation");
    expect_fault("a:\n  b: 1\n  \tc: 2\n", "3:3: not YAML: a tab in the indentation");
    expect_fault("a: {b: 1\nc: 2\n", "1:4: not YAML: this { is never closed");
    expect_fault("a: [1, [2]\nb: 3\n", "1:4: not YAML: this [ is never closed");
    expect_fault("a: b: c\n", "1:5: not YAML: a second \": \" in one line");
    expect_fault("a: \"x\nb: 1\n", "1:4: a quote that is never closed");
    expect_fault("a: 'it''s\nb: 1\n", "1:4: a quote that is never closed");
    expect_fault("a: ]\n", "1:4: not YAML: a } or ] that closes nothing");
    expect_fault("a: @x\n", "1:4: not YAML: a text cannot begin with this");
    expect_fault("a: *x\n", "1:4: not YAML: nothing is marked &NAME for this *NAME");
    expect_fault("a: \"\\d\"\n", "1:5: not YAML: in double quotes a backslash");
    expect_fault("a: 1\n---\nb: 2\n", "3:1: a second document");
    expect_fault("{a}: b\n", "1:1: a key must be a plain word");
    expect_fault("? [x]\n: y\n", "1:3: a key must be a plain word");
    expect_fault("a: &x [*x]\n", "1:8: an alias inside of what it stands for");
}

TEST(YamlTree, TakesQuotesThatAreClosed) {
    EXPECT_EQ(parsed("a: 'it''s'\nb: 1\n").entries[0].value.text, "it's");
    EXPECT_EQ(parsed("a: \"x\\\"y\"\nb: 1\n").entries[0].value.text, "x\"y");
    EXPECT_EQ(parsed("a: |\n  \"x\nb: 1\n").entries[0].value.text, "\"x\n");
    EXPECT_EQ(parsed("a: it's\n").entries[0].value.text, "it's");
}

TEST(YamlTree, IsBoundedInDepth) {
    EXPECT_NE(fault_of(std::string(100'000, '[')), "none");
    EXPECT_NE(fault_of(std::string(100'000, '{')), "none");
    std::string nested;
    for (int i = 0; i < 2'000; ++i)
        nested += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
    EXPECT_NE(fault_of(nested).find("keys within keys"), std::string::npos);
}

TEST(YamlTree, IsBoundedInWhatAliasesUnfoldTo) {
    std::string bomb = "a0: &a0 x\n";
    for (int i = 1; i < 30; ++i) {
        const std::string below = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + below + ", " + below + "]\n";
    }
    EXPECT_NE(fault_of(bomb).find("too much for a configuration"), std::string::npos);
    const std::string large = "a: &a " + std::string(1'000'000, 'x') + "\nb: [";
    std::string copies;
    for (int i = 0; i < 100; ++i)
        copies += "*a, ";
    EXPECT_NE(fault_of(large + copies + "]\n").find("too much for a configuration"), std::string::npos);
}

}  // namespace
}  // namespace fieldlink
