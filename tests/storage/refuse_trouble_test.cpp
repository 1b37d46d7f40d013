// Refusals of messages that are in memory only, without a file, or damaged.
#include <gmock/gmock.h>

#include "storage/sqlite.hpp"
#include "tests/storage/files_end_at.hpp"
#include "tests/storage/refuse_fixture.hpp"

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(OutboxRefusals, AreNeverResultsInMemory) {
    options_.durability = DurabilityMode::deferred;
    Outbox outbox(options_);
    outbox.set_online(true);
    outbox.append({result("{}")});
    ASSERT_THAT(take_all(outbox), ElementsAre(1));
    outbox.refuse({whole(1)});
    outbox.commit_acks();
    EXPECT_THAT(take_all(outbox), ElementsAre(1));
}

TEST_F(OutboxRefusals, MayBeInMemoryOnly) {
    options_.durability = DurabilityMode::deferred;
    Outbox outbox(options_);
    outbox.set_online(true);
    outbox.append({message("a", 10), message("b", 20)});
    ASSERT_EQ(outbox.stats().memory_messages, 2U);
    take_all(outbox);
    outbox.refuse({whole(2)});
    expect_balanced(outbox.stats());
    EXPECT_THAT(seqs(gaps(outbox)), ElementsAre(3));
    EXPECT_EQ(outbox.stats().quarantined_readings, 20U);
    EXPECT_EQ(outbox.stats().owed_readings, 10U);
    Outbox next(crashed());
    EXPECT_THAT(take_all(next), ElementsAre(3, 1)) << "no hole before the gap record";
}

TEST_F(OutboxRefusals, AreWrittenOnceTheDiskIsBack) {
    Outbox outbox(options_);
    outbox.append({message("a", 10)});
    {
        const FilesEndAt limit(4096);
        outbox.append({message(noise(20'000), 20)});
        ASSERT_NE(outbox.trouble(), "");
        take_all(outbox);
        outbox.refuse({whole(1), whole(2)});
        outbox.commit_acks();
        expect_balanced(outbox.stats());
        EXPECT_THAT(take_all(outbox), IsEmpty());
        wait(outbox);
        expect_balanced(outbox.stats());
    }
    wait(outbox);
    ASSERT_EQ(outbox.trouble(), "");
    EXPECT_THAT(gaps(outbox).at(0).body, HasSubstr(R"("from_seq":1,"to_seq":2,"messages":2,"readings":30)"));
    EXPECT_EQ(outbox.stats().quarantined_readings, 30U);
    EXPECT_EQ(outbox.stats().memory_messages, 0U);
}

/// The directory of the file comes later: until then positions are others.
class OutboxRefusalsWithoutAFile : public OutboxRefusals {
protected:
    OutboxRefusalsWithoutAFile() {
        { Outbox(options_).append({message("stored", 1), message("stored", 1)}); }
        std::filesystem::rename(directory_, away());
        std::filesystem::create_directory(directory_);
        std::filesystem::create_directory(options_.path);  // no file can be there
    }
    ~OutboxRefusalsWithoutAFile() override { std::filesystem::remove_all(away()); }

    std::string away() const { return directory_.string() + ".away"; }

    void bring_file_back(Outbox& outbox) {
        std::filesystem::remove_all(directory_);
        std::filesystem::rename(away(), directory_);
        wait(outbox);
        ASSERT_EQ(outbox.trouble(), "");
    }
};

TEST_F(OutboxRefusalsWithoutAFile, AreWrittenOnceItComes) {
    Outbox outbox(options_);
    ASSERT_NE(outbox.trouble(), "");
    outbox.append({message("a", 10), message("b", 20)});
    const auto taken = outbox.take(10, 1000);
    ASSERT_EQ(taken.size(), 2U);
    outbox.refuse({whole(taken[1].position)});
    expect_balanced(outbox.stats());

    ASSERT_NO_FATAL_FAILURE(bring_file_back(outbox));

    const auto records = gaps(outbox);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_THAT(records[0].body, HasSubstr(R"("from_seq":)" + std::to_string(taken[1].seq) + R"(,"to_seq":)" +
                                           std::to_string(taken[1].seq) + R"(,"messages":1,"readings":20)"));
    EXPECT_EQ(outbox.stats().quarantined_readings, 20U);
}

TEST_F(OutboxRefusalsWithoutAFile, AreFoundThoughTheirPositionChanged) {
    Outbox outbox(options_);
    outbox.append({message("a", 10), message("b", 20)});
    const auto taken = outbox.take(10, 1000);
    ASSERT_EQ(taken.size(), 2U);
    ASSERT_NO_FATAL_FAILURE(bring_file_back(outbox));

    outbox.refuse({whole(taken[0].position)});
    outbox.give_back({taken[1].position});

    EXPECT_EQ(gaps(outbox).size(), 1U);
    EXPECT_EQ(outbox.stats().quarantined_readings, 10U);
    outbox.connection_ended({taken[1].position});
    EXPECT_THAT(outbox.take(1, 1).at(0).body, HasSubstr("b")) << "what was given back comes again";
}

TEST_F(OutboxRefusals, ThatDamageHasChangedAreCorruptInstead) {
    {
        Outbox outbox(options_);
        outbox.append({message("a", 10), message("b", 20), message("c", 30)});
    }
    Database(options_.path)
        .run(
            "UPDATE message SET readings = 999 WHERE position = 1; "
            "DELETE FROM message WHERE position = 2");
    Outbox outbox(options_);
    outbox.refuse({whole(1), whole(2)});
    outbox.commit_acks();
    EXPECT_EQ(outbox.stats().quarantined_readings, 0U);
    EXPECT_THAT(take_all(outbox), ElementsAre(3));
    const auto records = gaps(outbox);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_THAT(records[0].body, AllOf(HasSubstr(R"("messages":2)"), HasSubstr("corrupt")));
}

}  // namespace
}  // namespace fieldlink
