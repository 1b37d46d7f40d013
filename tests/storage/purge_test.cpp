#include <gmock/gmock.h>

#include "tests/storage/outbox_history.hpp"
#include "tests/storage/outbox_truth.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;

TEST_F(OutboxHistory, IsPurgedWithoutTouchingWhatIsOwed) {
    Outbox outbox(options_);
    outbox.append({made(milliseconds(4000))});
    const Progress done = purge(outbox, seqs_between(4, 100), false);
    EXPECT_EQ(done.messages, 3U);
    EXPECT_EQ(done.readings, 30U);
    EXPECT_THAT(seqs_in(outbox, {}), ElementsAre(1, 2, 3, 7));
    EXPECT_THAT(take_all(outbox), ElementsAre(7));
    expect_balanced(outbox.stats());
}

TEST_F(OutboxHistory, BecomesAGapIfWhatIsOwedIsPurged) {
    {
        Outbox outbox(options_);
        outbox.append({made(milliseconds(4000)), result("{}"), made(milliseconds(4100)), made(milliseconds(4200))});
        EXPECT_EQ(purge(outbox, seqs_between(6, 9), true).messages, 3U) << "6, 7 and 9, but not the result";
        second_epoch_ = outbox.epoch();
    }
    Outbox outbox(options_);
    const auto taken = outbox.take(100, 1 << 20);

    ASSERT_THAT(seqs(taken), ElementsAre(8, 11, 10));
    const GapRecord gap(taken[1].body);
    EXPECT_EQ(gap.reason, "purged");
    EXPECT_EQ(gap.epoch, second_epoch_);
    EXPECT_EQ(gap.from_seq, 7);
    EXPECT_EQ(gap.to_seq, 9);
    EXPECT_EQ(gap.messages, 2U);
    EXPECT_EQ(gap.readings, 20U);
    EXPECT_EQ(outbox.stats().dropped_by_reason["purged"], 20U);
    expect_balanced(outbox.stats());
}

TEST_F(OutboxHistory, LosesNothingIfWhatIsPurgedWasReplayed) {
    Outbox outbox(options_);
    replay(outbox, seqs_between(2, 4));
    purge(outbox, seqs_between(1, 3), true);
    EXPECT_THAT(take_all(outbox), ElementsAre(4));
    EXPECT_EQ(outbox.stats().dropped_readings, 0U);
    EXPECT_EQ(outbox.stats().replay_owed_messages, 1U);
    expect_balanced(outbox.stats());
}

}  // namespace
}  // namespace fieldlink
