// A commit that fails may have been done all the same, which the file shows when it is opened again.
#include <set>

#include <gmock/gmock.h>
#include <sqlite3.h>

#include "tests/storage/outbox_fixture.hpp"
#include "tests/support/disk/disk.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

class OutboxInDoubt : public OutboxTest {
protected:
    void wait(Outbox& outbox) {
        clock_ += std::chrono::seconds(10);
        outbox.tend({clock_, milliseconds(1'700'000'000'000) + clock_});
    }

    /// Until it gives the file up.
    void let_syncs_fail(Outbox& outbox) {
        disk_.fail({DiskFault::Call::sync, SQLITE_IOERR_FSYNC});
        outbox.append({message("b", 10)});
        for (int i = 0; i < 4; ++i)
            wait(outbox);
        ASSERT_EQ(outbox.stats().stored_messages, 0U) << "it is still open";
    }

    void heal(Outbox& outbox) {
        disk_.heal();
        wait(outbox);
        outbox.append({message("d", 10)});
        ASSERT_EQ(outbox.trouble(), "");
    }

    Disk disk_{Disk::Log::none};
    milliseconds clock_{10'000};
};

TEST_F(OutboxInDoubt, CountsAMessageOnce) {
    Outbox outbox(options_);
    outbox.append({message("a", 10)});
    let_syncs_fail(outbox);
    heal(outbox);

    EXPECT_EQ(outbox.stats().read_readings, 30U);
    expect_balanced(outbox.stats());
    for (const StoredMessage& taken : outbox.take(100, 1 << 20))
        outbox.settle({taken.position});
    EXPECT_EQ(outbox.stats().owed_messages, 0U);
    EXPECT_EQ(outbox.stats().owed_readings, 0U);
}

TEST_F(OutboxInDoubt, GivesTheNumberOfAGapRecordToNothingElse) {
    Outbox outbox(options_);
    outbox.append({message("a", 10)});
    outbox.lost({"telemetry", "queue_full", 7, {"boiler"}, {}, {}});
    let_syncs_fail(outbox);
    outbox.append({message("c", 10)});
    heal(outbox);

    std::set<std::int64_t> seqs;
    std::multiset<std::string> bodies;
    for (const StoredMessage& taken : outbox.take(100, 1 << 20)) {
        EXPECT_TRUE(seqs.insert(taken.seq).second) << taken.seq << ": " << taken.body;
        bodies.insert(taken.body);
    }
    for (const char* body : {"a", "b", "c", "d"})
        EXPECT_EQ(bodies.count(body), 1U) << body;
    EXPECT_THAT(bodies, testing::Contains(HasSubstr("queue_full")));
    expect_balanced(outbox.stats());
}

TEST_F(OutboxInDoubt, CountsWhatIsRefusedOnce) {
    Outbox outbox(options_);
    outbox.append({message("a", 10), message("c", 20)});
    for (const StoredMessage& taken : outbox.take(1, 1))
        outbox.refuse({{taken.position, 0, {}, true}});
    let_syncs_fail(outbox);
    expect_balanced(outbox.stats());
    heal(outbox);

    EXPECT_EQ(outbox.stats().quarantined_readings, 10U);
    std::multiset<std::string> bodies, refused;
    for (const StoredMessage& taken : outbox.take(100, 1 << 20))
        (taken.body.find("refused") == std::string::npos ? bodies : refused).insert(taken.body);
    EXPECT_THAT(refused, testing::ElementsAre(HasSubstr(R"("messages":1,"readings":10)")));
    EXPECT_EQ(bodies.count("a"), 0U);
    for (const char* body : {"b", "c", "d"})
        EXPECT_EQ(bodies.count(body), 1U) << body;
    expect_balanced(outbox.stats());
}

TEST_F(OutboxInDoubt, GoesRoundAPlaceThatCanNeverBeRead) {
    constexpr int kMessages = 60;
    {
        Outbox outbox(options_);
        for (int i = 0; i < kMessages; ++i)
            outbox.append({message(noise(10'000), 1)});
    }
    Outbox outbox(options_);  // which has nothing in its cache
    DiskFault bad_block{DiskFault::Call::read, SQLITE_IOERR_READ};
    bad_block.from = 500'000;
    bad_block.to = 504'096;
    disk_.fail(bad_block);

    std::size_t delivered = 0;
    std::set<std::string> troubles;
    for (int i = 0; i < 60; ++i) {
        for (const StoredMessage& one : outbox.take(5, 1 << 20)) {
            delivered += one.readings;
            outbox.settle({one.position});
        }
        troubles.insert(outbox.trouble());
        wait(outbox);
        give_all_back(outbox);
    }

    EXPECT_EQ(troubles.size(), 2U) << "it is told that the file cannot be read, and later nothing any more";
    EXPECT_EQ(outbox.trouble(), "");
    EXPECT_GT(delivered, kMessages - 5U);
    EXPECT_LT(delivered, kMessages + 0U) << "the bad block holds none of them";
    outbox.append({message("new")});
    EXPECT_EQ(outbox.stats().memory_messages, 0U);
    expect_balanced(outbox.stats());
}

}  // namespace
}  // namespace fieldlink
