#include "daemon/ctl/terminal_text.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

TEST(TerminalText, LeavesOrdinaryTextAlone) {
    EXPECT_EQ(for_terminal("Außen 21.5 °C, 温度 \xF0\x9F\x8C\xA1"), "Außen 21.5 °C, 温度 \xF0\x9F\x8C\xA1");
}

TEST(TerminalText, TakesAwayWhatControlsTheTerminal) {
    EXPECT_EQ(for_terminal("\x1b[2J"), "\uFFFD[2J");
    EXPECT_EQ(for_terminal("\u009b2J"), "\uFFFD2J");  // the same as one character
    EXPECT_EQ(for_terminal("a\x7f\b\a"), "a\uFFFD\uFFFD\uFFFD");
    EXPECT_EQ(for_terminal(std::string_view("a\0b", 3)), "a\uFFFDb");
    EXPECT_EQ(for_terminal("\u202Efdp.exe\u2066"), "\uFFFDfdp.exe\uFFFD");
}

TEST(TerminalText, KeepsALineALine) {
    EXPECT_EQ(for_terminal("one\ntwo\r\nthree\tfour"), "one two  three four");
    EXPECT_EQ(for_terminal("one\u2028two"), "one\uFFFDtwo");
}

TEST(TerminalText, ReplacesWhatIsNotUtf8) {
    EXPECT_EQ(for_terminal("\x9b\x31m"), "\uFFFD1m");               // a lone continuation byte: CSI in Latin-1
    EXPECT_EQ(for_terminal("\xC0\x9B"), "\uFFFD\uFFFD");            // overlong ESC
    EXPECT_EQ(for_terminal("\xE0\x80\x9B"), "\uFFFD\uFFFD\uFFFD");  // the same in three bytes
    EXPECT_EQ(for_terminal("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
    EXPECT_EQ(for_terminal("\xF5\x80\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");
    EXPECT_EQ(for_terminal("a\xE2\x82"), "a\uFFFD\uFFFD");  // cut short
}

TEST(TerminalText, EscapesInJsonWhatControlsTheTerminal) {
    EXPECT_EQ(json_for_terminal("{\"a\":\"\u009b1m\x7f\u202E\"}"), R"({"a":"\u009b1m\u007f\u202e"})");
    EXPECT_EQ(json_for_terminal(R"({"a":"°C \u001b \n"})"), R"({"a":"°C \u001b \n"})");
}

TEST(TerminalText, CutsAtAWholeCharacter) {
    EXPECT_EQ(fit("21.5 °C", 7), "21.5 °C");
    EXPECT_EQ(fit("21.5 °C", 6), "21.5 …");
    EXPECT_EQ(fit("°°°°", 3), "°°…");
    EXPECT_EQ(fit("abc", 1), "…");
    EXPECT_EQ(fit("abc", 0), "");
}

}  // namespace
}  // namespace fieldlink
