#include "daemon/loss_ledger.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

Stamp at(int ms) {
    return {std::chrono::milliseconds(ms), std::chrono::milliseconds(1'000'000 + ms)};
}

TEST(LossLedger, SumsUpBySensorUntilItIsTaken) {
    LossLedger ledger;
    ledger.add({{"a", at(1), ""}, {"b", at(2), ""}, {"a", at(3), ""}});
    ledger.add({{"a", at(9), ""}});
    const auto losses = ledger.take();
    ASSERT_EQ(losses.size(), 2u);
    EXPECT_EQ(losses[0].sensors, std::vector<std::string>{"a"});
    EXPECT_EQ(losses[0].readings, 3u);
    EXPECT_EQ(losses[0].reason, "queue_full");
    EXPECT_EQ(losses[0].first.boot, at(1).boot);
    EXPECT_EQ(losses[0].last.boot, at(9).boot);
    EXPECT_TRUE(ledger.take().empty());
}

}  // namespace
}  // namespace fieldlink
