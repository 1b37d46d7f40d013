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

    outbox.give_back();

    EXPECT_THAT(take_all(outbox), ElementsAre(2, 3));
}

TEST_F(OutboxSending, SendsWhatIsNewBeforeTheBacklog) {
    Outbox outbox(options_);
    outbox.append({message("1"), message("2"), message("3")});
    outbox.give_back();
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
