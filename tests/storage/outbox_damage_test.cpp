#include <gmock/gmock.h>

#include "storage/sqlite.hpp"
#include "tests/storage/outbox_fixture.hpp"

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class OutboxDamage : public OutboxTest {
protected:
    /// Stores five messages, then runs `sql` on the file behind the outbox's back.
    void damage(const std::string& sql) {
        {
            Outbox outbox(options_);
            epoch_ = outbox.epoch();
            for (const char* body : {"one", "two", "three", "four", "five"})
                outbox.append({message(body, 10)});
        }
        Database(options_.path).run(sql);
    }

    /// What is handed out, after the losses noticed by a first round were recorded.
    std::vector<StoredMessage> take_all_twice(Outbox& outbox) {
        take_all(outbox);
        outbox.commit_acks();
        give_all_back(outbox);
        return outbox.take(100, 1000);
    }

    std::string epoch_;
};

TEST_F(OutboxDamage, NeverHandsOutARowWhoseContentChanged) {
    for (const char* change : {"body = 'tw0'", "created_wall = created_wall + 1", "kind = 4", "prev_seq = 0",
                               "readings = 11", "channel = 99", "sensors = ''", "prev_epoch = 'deadbeef'"}) {
        SCOPED_TRACE(change);
        damage("UPDATE message SET " + std::string(change) +
               " WHERE position = (SELECT max(position) - 3 FROM message)");
        Outbox outbox(options_);
        const std::int64_t last = outbox.stats().last_seq;

        const auto taken = take_all_twice(outbox);

        EXPECT_EQ(taken[0].kind, Kind::gap);
        EXPECT_EQ(taken[0].channel, "telemetry");
        EXPECT_THAT(taken[0].body, AllOf(HasSubstr(R"("reason":"corrupt")"), HasSubstr(R"("messages":1,)"),
                                         HasSubstr(R"("readings":null)"), HasSubstr(epoch_),
                                         HasSubstr(R"("from_seq":)" + std::to_string(last - 3) + ",")));
        EXPECT_EQ(taken.size(), 5U);
        expect_balanced(outbox.stats());
        outbox.settle(seqs(taken));
        outbox.commit_acks();
    }
}

TEST_F(OutboxDamage, ReportsRowsThatAreGoneAndGoesOn) {
    damage("DELETE FROM message WHERE position IN (2, 3)");
    Outbox outbox(options_);

    const auto taken = take_all_twice(outbox);

    ASSERT_THAT(seqs(taken), ElementsAre(6, 1, 4, 5));
    EXPECT_THAT(taken[0].body, AllOf(HasSubstr(R"("from_seq":2,"to_seq":3,"messages":2,"readings":null)"),
                                     HasSubstr(R"("reason":"corrupt")")));
}

TEST_F(OutboxDamage, ReportsEverythingIfNoRowIsLeft) {
    damage("DELETE FROM message");
    Outbox outbox(options_);
    const auto taken = take_all_twice(outbox);
    ASSERT_THAT(seqs(taken), ElementsAre(6));
    EXPECT_THAT(taken[0].body, HasSubstr(R"("from_seq":1,"to_seq":5,"messages":5)"));
}

TEST_F(OutboxDamage, OwesNoReadingsOfRowsThatAreGoneOnceNothingElseIsOwed) {
    damage("DELETE FROM message WHERE position IN (2, 3)");
    Outbox outbox(options_);
    take_all(outbox);
    outbox.commit_acks();
    EXPECT_EQ(outbox.stats().owed_readings, 50U) << "nobody knows which of them";
    outbox.settle({1, 4, 5});
    take_all(outbox);
    outbox.settle({6});
    EXPECT_EQ(outbox.stats().owed_messages, 0U);
    EXPECT_EQ(outbox.stats().owed_readings, 0U);
    EXPECT_EQ(outbox.stats().acked_readings, 30U);
    EXPECT_EQ(outbox.stats().dropped_by_reason["corrupt"], 20U);
    expect_balanced(outbox.stats());
    outbox.commit_acks();
    EXPECT_EQ(Outbox(crashed()).stats().owed_readings, 0U);
}

TEST_F(OutboxDamage, GivesNoNumberTwiceThoughTheCounterWasReset) {
    damage("UPDATE ledger SET last_position = 0");
    Outbox outbox(options_);
    EXPECT_EQ(outbox.append({message("six")}), 6);
}

TEST_F(OutboxDamage, ReadsIntervalsThatMakeNoSenseAsFarAsTheyDo) {
    damage("DELETE FROM owed; INSERT INTO owed VALUES(4, 900, 0), (2, 1, 0), (3, 4, 0)");
    Outbox outbox(options_);
    EXPECT_THAT(take_all(outbox), ElementsAre(3, 4, 5));
}

}  // namespace
}  // namespace fieldlink
