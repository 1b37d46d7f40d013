#include "daemon/commands/receipt_desk.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

using Intervals = std::vector<std::pair<std::int64_t, std::int64_t>>;

class ReceiptDeskTest : public testing::Test {
protected:
    ReceiptDeskTest() {
        config.uplink.confirm = Confirm::receipt;
        config.commands.from = {"backend-*"};
    }

    std::optional<Receipt> take(const std::string& text, const std::string& from = "backend-1") {
        if (!desk) desk.emplace(config);
        const JsonDocument document(text);
        return desk->take(document.root(), from, ReceiptDesk::Instant());
    }

    Config config;
    std::optional<ReceiptDesk> desk;
};

const std::string kReceipt = R"({"type":"receipt","epoch":"9f1c2e7a","seqs":[[400,412],[414,900]]})";

TEST_F(ReceiptDeskTest, TakesTheIntervalsOfAnEpoch) {
    const auto receipt = take(kReceipt);
    ASSERT_TRUE(receipt);
    EXPECT_EQ(receipt->epoch, "9f1c2e7a");
    EXPECT_EQ(receipt->seqs, (Intervals{{400, 412}, {414, 900}}));
}

TEST_F(ReceiptDeskTest, TakesNoneFromASenderThatIsNotListed) {
    EXPECT_FALSE(take(kReceipt, "stranger"));
    EXPECT_EQ(desk->ignored(), 1u);
    EXPECT_EQ(desk->malformed(), 0u);
}

TEST_F(ReceiptDeskTest, TakesNoneFromAnybodyWhileNobodyIsListed) {
    config.commands.from.clear();
    EXPECT_FALSE(take(kReceipt));
    EXPECT_EQ(desk->ignored(), 1u);
}

TEST_F(ReceiptDeskTest, TakesNoneWhileAcksSettle) {
    config.uplink.confirm = Confirm::ack;
    EXPECT_FALSE(take(kReceipt));
    EXPECT_EQ(desk->ignored(), 1u);
}

TEST_F(ReceiptDeskTest, CountsMalformedOnes) {
    std::uint64_t count = 0;
    for (const char* members :
         {R"("seqs":[[1,2]])", R"("epoch":7,"seqs":[[1,2]])", R"("epoch":"","seqs":[[1,2]])", R"("epoch":"e")",
          R"("epoch":"e","seqs":{})", R"("epoch":"e","seqs":[1])", R"("epoch":"e","seqs":[[1]])",
          R"("epoch":"e","seqs":[[1,2,3]])", R"("epoch":"e","seqs":[[2,1]])", R"("epoch":"e","seqs":[[-1,1]])",
          R"("epoch":"e","seqs":[[1,2.5]])", R"("epoch":"e","seqs":[["1","2"]])", R"("epoch":"e","seqs":[[1,2],7])"}) {
        EXPECT_FALSE(take(std::string(R"({"type":"receipt",)") + members + "}")) << members;
        EXPECT_EQ(desk->malformed(), ++count) << members;
    }
}

TEST_F(ReceiptDeskTest, TakesOnlySoManyIntervals) {
    const auto with = [](std::size_t intervals) {
        std::string text = R"({"type":"receipt","epoch":"e","seqs":[[1,1])";
        for (std::size_t i = 1; i < intervals; ++i)
            text += ",[1,1]";
        return text + "]}";
    };
    EXPECT_TRUE(take(with(ReceiptDesk::kMaxIntervals)));
    EXPECT_FALSE(take(with(ReceiptDesk::kMaxIntervals + 1)));
}

}  // namespace
}  // namespace fieldlink
