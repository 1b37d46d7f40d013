#include <gmock/gmock.h>

#include "tests/storage/outbox_fixture.hpp"

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using OutboxSending = OutboxTest;

TEST_F(OutboxSending, HandsOutNothingTwiceUntilTheConnectionEnds) {
    Outbox outbox(options_);
    outbox.append({message("a"), message("b")});
    EXPECT_THAT(take_all(outbox), ElementsAre(1, 2));
    EXPECT_THAT(take_all(outbox), IsEmpty());
    outbox.settle({1});
    outbox.append({message("c")});
    EXPECT_THAT(take_all(outbox), ElementsAre(3));

    give_all_back(outbox);

    EXPECT_THAT(take_all(outbox), ElementsAre(2, 3));
}

TEST_F(OutboxSending, HandsOutAgainOnlyWhatWasGivenBack) {
    Outbox outbox(options_);
    outbox.append({message("a"), message("b"), result("{}"), message("d")});
    take_all(outbox);
    outbox.settle({4});

    outbox.give_back({3, 2, 4, 99, -1});

    EXPECT_THAT(take_all(outbox), ElementsAre(3, 2));
    EXPECT_THAT(take_all(outbox), IsEmpty());
    outbox.settle({1});
    EXPECT_EQ(outbox.stats().owed_messages, 2U) << "what stays in flight may be acked";
}

TEST_F(OutboxSending, LeavesInFlightWhatIsNotGivenBackWhenTheConnectionEnds) {
    Outbox outbox(options_);
    outbox.append({message("1"), message("2"), message("3"), message("4"), message("5")});
    EXPECT_THAT(seqs(outbox.take(4, 1000)), ElementsAre(1, 2, 3, 4));

    outbox.connection_ended({4, 2});

    outbox.append({message("6"), result("{}"), message("8")});
    EXPECT_THAT(take_all(outbox), ElementsAre(7, 6, 8, 2, 4, 5));
    outbox.connection_ended({});
    outbox.append({message("9")});
    outbox.give_back({1});
    EXPECT_THAT(take_all(outbox), ElementsAre(9, 1));
}

TEST_F(OutboxSending, KeepsWhatWasGivenBackLiveWhileTheConnectionLasts) {
    Outbox outbox(options_);
    outbox.append({message("1"), message("2")});
    outbox.connection_ended({});
    outbox.append({message("3"), message("4")});
    EXPECT_THAT(seqs(outbox.take(1, 1000)), ElementsAre(3));
    outbox.give_back({3});
    outbox.append({message("5")});
    EXPECT_THAT(take_all(outbox), ElementsAre(3, 4, 5, 1, 2));
}

TEST_F(OutboxSending, SendsWhatIsNewBeforeTheBacklog) {
    Outbox outbox(options_);
    outbox.append({message("1"), message("2"), message("3")});
    give_all_back(outbox);
    outbox.append({message("4")});
    EXPECT_THAT(seqs(outbox.take(2, 1000)), ElementsAre(4, 1));
    outbox.append({message("5"), message("6")});
    EXPECT_THAT(take_all(outbox), ElementsAre(5, 6, 2, 3));
}

TEST_F(OutboxSending, SendsOldestFirstIfTheOptionsSaySo) {
    options_.live_first = false;
    { Outbox(options_).append({message("1"), message("2")}); }
    Outbox outbox(options_);
    outbox.append({message("3")});
    EXPECT_THAT(seqs(outbox.take(1, 1000)), ElementsAre(1));
    outbox.append({message("4")});
    EXPECT_THAT(take_all(outbox), ElementsAre(2, 3, 4));
}

TEST_F(OutboxSending, SendsResultsBeforeReadings) {
    Outbox outbox(options_);
    outbox.append({message("1"), message("2"), result("{}"), message("4"), result("{}")});
    EXPECT_THAT(take_all(outbox), ElementsAre(3, 5, 1, 2, 4));
}

TEST_F(OutboxSending, HandsOutGapRecordsAndResultsAloneIfAskedFor) {
    Outbox outbox(options_);
    outbox.append({message("1"), result("{}"), message("3")});
    EXPECT_THAT(seqs(outbox.take(10, 1000, Urgency::urgent)), ElementsAre(2));
    EXPECT_THAT(seqs(outbox.take(10, 1000, Urgency::urgent)), ElementsAre());
    EXPECT_THAT(take_all(outbox), ElementsAre(1, 3));
}

TEST_F(OutboxSending, TakesAtLeastOneAndNotMuchMoreThanTheBytesAskedFor) {
    Outbox outbox(options_);
    const std::string body = noise(1000);
    outbox.append({message(body), message(body), message(body)});
    EXPECT_THAT(seqs(outbox.take(10, 10)), ElementsAre(1));
    EXPECT_THAT(seqs(outbox.take(10, 1999)), ElementsAre(2));
    EXPECT_THAT(seqs(outbox.take(10, 2000)), ElementsAre(3));
}

TEST_F(OutboxSending, TakesNoMoreMessagesThanAskedFor) {
    Outbox outbox(options_);
    outbox.append({message("1"), message("2")});
    EXPECT_THAT(outbox.take(0, 1000), IsEmpty());
    EXPECT_THAT(seqs(outbox.take(1, 1000)), ElementsAre(1));
}

}  // namespace
}  // namespace fieldlink
