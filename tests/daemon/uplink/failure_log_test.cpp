#include "daemon/uplink/failure_log.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const Instant kStart = Instant() + std::chrono::hours(1);

TEST(FailureLog, SaysAFailureOnceAndAgainAfterTenMinutes) {
    const Failure lost{&reaction_to_close(1006), "", milliseconds(0)},
        refused{&reaction_to_http(503), "", milliseconds(0)};
    FailureLog log;
    EXPECT_TRUE(log.worth_a_line(lost, kStart));
    EXPECT_FALSE(log.worth_a_line(lost, kStart + minutes(9)));
    EXPECT_TRUE(log.worth_a_line(lost, kStart + minutes(10)));
    EXPECT_TRUE(log.worth_a_line(refused, kStart + minutes(11)));
}

TEST(FailureLog, SaysWhatElseIsWrongWithTheSameThingButNotAtOnce) {
    const Failure dead{&reaction_to(Trouble::proxy_failed), "refused", milliseconds(0)};
    const Failure locked{&reaction_to(Trouble::proxy_failed), "it wants a password", milliseconds(0)};
    FailureLog log;
    EXPECT_TRUE(log.worth_a_line(dead, kStart));
    EXPECT_FALSE(log.worth_a_line(locked, kStart + seconds(59)));
    EXPECT_TRUE(log.worth_a_line(locked, kStart + seconds(60)));
}

TEST(FailureLog, SaysNoMoreOfALinkThatFlaps) {
    const Failure lost{&reaction_to_close(1006), "", milliseconds(0)};
    FailureLog log;
    EXPECT_TRUE(log.worth_a_line(lost, kStart));
    EXPECT_TRUE(log.connected(kStart + seconds(1)));
    for (int i = 2; i < 60; i += 2) {
        EXPECT_FALSE(log.worth_a_line(lost, kStart + seconds(i)));
        EXPECT_FALSE(log.connected(kStart + seconds(i + 1))) << "there was no line that it ends";
    }
    EXPECT_TRUE(log.worth_a_line(lost, kStart + minutes(3))) << "the last connection lasted";
}

}  // namespace
}  // namespace fieldlink
