#include "daemon/ctl/outbox/progress.hpp"

#include <sstream>

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

using namespace std::chrono_literals;

constexpr ProgressLine::Instant kStart{};

TEST(BarText, GrowsFromEmptyToFull) {
    EXPECT_EQ(bar_text(0, 10), "[--------------------]   0 %");
    EXPECT_EQ(bar_text(4, 10), "[########------------]  40 %");
    EXPECT_EQ(bar_text(10, 10), "[####################] 100 %");
    EXPECT_EQ(bar_text(11, 10), "[####################] 100 %");
    EXPECT_EQ(bar_text(0, 0), "[####################] 100 %");
    EXPECT_EQ(bar_text(UINT64_MAX / 2, UINT64_MAX), "[##########----------]  50 %");
}

TEST(ProgressLine, IsALineEveryFiveSecondsWhereThereIsNoTerminal) {
    std::ostringstream out;
    ProgressLine line(out, ProgressLine::Kind::lines, 80);

    line.show("one", kStart);
    line.show("two", kStart + 4'999ms);
    EXPECT_EQ(out.str(), "");
    line.show("three", kStart + 5s);
    line.show("four", kStart + 9s);
    line.show("five", kStart + 10s);
    line.clear();

    EXPECT_EQ(out.str(), "three\nfive\n");
}

TEST(ProgressLine, IsDrawnInItsPlaceOnATerminalAndThenRemoved) {
    std::ostringstream out;
    ProgressLine line(out, ProgressLine::Kind::live, 6);

    line.show("123456789", kStart);
    line.show("not yet", kStart + 99ms);
    line.show("two", kStart + 100ms);
    line.clear();
    line.clear();

    EXPECT_EQ(out.str(), "\r1234\xE2\x80\xA6\x1b[K\rtwo\x1b[K\r\x1b[K");
}

TEST(ProgressLine, SaysNothingIfItIsNotWanted) {
    std::ostringstream out;
    ProgressLine line(out, ProgressLine::Kind::silent, 80);

    line.show("one", kStart);
    line.show("two", kStart + 1h);
    line.clear();

    EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace fieldlink
