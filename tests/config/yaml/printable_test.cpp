#include "config/yaml/printable.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

TEST(Printable, ReplacesWhatWouldMoveTheCursor) {
    EXPECT_EQ(printable("a\x1b[2J\n\x7f°"), "a?[2J??°");
}

TEST(Printable, IsCutAtACharacterNotWithinOne) {
    std::string degrees, cut;
    for (int i = 0; i < 100; ++i)
        degrees += "°";
    for (int i = 0; i < 60; ++i)
        cut += "°";
    EXPECT_EQ(printable(degrees), cut + "…");
    EXPECT_EQ(printable(cut), cut);
}

TEST(Printable, CountsCharactersNotBytes) {
    EXPECT_EQ(count_characters("°C €𝄞"), 5);
}

TEST(FirstUnreadable, FindsWhatIsNoUtf8) {
    EXPECT_EQ(first_unreadable("°C €𝄞\t\r\n"), std::string_view("°C €𝄞\t\r\n").size());
    for (const char* const bad : {"\xb0", "\xc3", "\xc3(", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
                                  "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xff", "\xe2\x82", "\x01", "\x7f", "\x1b"}) {
        EXPECT_EQ(first_unreadable(std::string("ab") + bad), 2u) << testing::PrintToString(bad);
    }
    EXPECT_EQ(first_unreadable(std::string_view("a\0b", 3)), 1u);
}

}  // namespace
}  // namespace fieldlink
