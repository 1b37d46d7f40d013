// What an outbox must survive when two things go wrong at once: damage and a full disk, a crash and a tool.
#include <csignal>
#include <fstream>
#include <memory>

#include <gmock/gmock.h>
#include <sys/resource.h>

#include "storage/files.hpp"
#include "storage/records.hpp"
#include "storage/sqlite.hpp"
#include "tests/storage/files_end_at.hpp"
#include "tests/storage/outbox_fixture.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class OutboxUnderAttack : public OutboxTest {
protected:
    /// Time passes, so that what failed is tried again, and salvaging goes on.
    void wait(Outbox& outbox, int times = 10) {
        for (int i = 0; i < times; ++i) {
            clock_ += std::chrono::seconds(10);
            outbox.tend({clock_, milliseconds(1'700'000'000'000) + clock_});
        }
    }

    void store(const std::vector<std::string>& bodies) {
        Outbox outbox(options_);
        for (const std::string& body : bodies)
            outbox.append({message(body, 10)});
    }

    void overwrite(std::size_t from, std::size_t bytes) const {
        std::fstream file(options_.path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(from));
        file << std::string(bytes, '\x5a');
    }

    /// A table that is read at every start, and that no message depends on.
    void damage_table(const std::string& name) {
        std::int64_t page = 0;
        {
            Database database(options_.path);
            page = database.integer("SELECT rootpage FROM sqlite_schema WHERE name = '" + name + "'");
        }
        overwrite(static_cast<std::size_t>(page - 1) * 512, 512);
    }

    static std::vector<std::string> bodies(Outbox& outbox) {
        give_all_back(outbox);
        std::vector<std::string> bodies;
        for (const StoredMessage& message : outbox.take(1000, 1 << 30))
            bodies.push_back(message.body);
        return bodies;
    }

    milliseconds clock_{10'000};
};

TEST_F(OutboxUnderAttack, SalvagesAFileWhoseTablesAreDamagedButOpen) {
    store({"one", "two"});
    damage_table("boot");

    Outbox outbox(options_);
    wait(outbox);

    EXPECT_THAT(bodies(outbox), UnorderedElementsAre("one", "two"));
}

TEST_F(OutboxUnderAttack, SalvagesTooIfThereWasNoSpaceForTheNewFileAtFirst) {
    store({"one", "two"});
    damage_table("boot");
    auto full = std::make_unique<FilesEndAt>(1000);
    Outbox outbox(options_);
    ASSERT_NE(outbox.trouble(), "");
    wait(outbox);
    ASSERT_NE(outbox.trouble(), "") << "nothing has changed";

    full.reset();
    wait(outbox);

    EXPECT_THAT(bodies(outbox), UnorderedElementsAre("one", "two"));
}

TEST_F(OutboxUnderAttack, SalvagesAPieceAgainThatCouldNotBeWritten) {
    store({"one", "two"});
    store({"three", "four"});  // under another epoch, in the same piece
    damage_table("boot");
    {
        Outbox outbox(options_);
        {
            const FilesEndAt full(1000);
            wait(outbox, 1);
            ASSERT_NE(outbox.trouble(), "");
        }
        wait(outbox);
        EXPECT_THAT(bodies(outbox), UnorderedElementsAre("one", "two", "three", "four"));
    }
    Outbox outbox(options_);
    EXPECT_THAT(bodies(outbox), UnorderedElementsAre("one", "two", "three", "four")) << "after another start";
}

TEST_F(OutboxUnderAttack, GivesNoPlaceOfAMessageThatIsStillToBeSalvagedToANewOne) {
    store({"one", "two"});
    damage_table("boot");
    { const Outbox replaced(options_); }

    Outbox outbox(options_);
    outbox.append({message("new")});
    wait(outbox);

    EXPECT_THAT(bodies(outbox), UnorderedElementsAre("one", "two", "new"));
    expect_balanced(outbox.stats());
}

TEST_F(OutboxUnderAttack, SalvagesAFileThatAKilledStartHasOnlyMovedAside) {
    store({"one", "two"});
    if (!is_marked(options_.path)) GTEST_SKIP() << "this filesystem keeps no marks";
    std::filesystem::rename(options_.path, options_.path + ".damaged-1");
    for (int start = 0; start < 2; ++start) {
        Outbox outbox(options_);
        wait(outbox);
        EXPECT_THAT(bodies(outbox), UnorderedElementsAre("one", "two"));
        expect_balanced(outbox.stats());
    }
    // Once is enough, whatever becomes of the new file.
    std::filesystem::remove(options_.path);
    Outbox outbox(options_);
    wait(outbox);
    EXPECT_THAT(bodies(outbox), IsEmpty());
}

TEST_F(OutboxUnderAttack, DatesTheGapRecordOfADamagedMessageByThisBoot) {
    options_.boot_id = "long";
    options_.started = {milliseconds(9'000'000), milliseconds(1'700'009'000'000)};
    store({"one"});
    Database(options_.path).run("UPDATE message SET body = 'two'");
    options_.boot_id = "new";
    options_.started = {milliseconds(1000), milliseconds(1'700'020'000'000)};

    Outbox outbox(options_);
    ASSERT_THAT(bodies(outbox), IsEmpty());
    outbox.commit_acks();

    const auto taken = outbox.take(10, 1000);
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken[0].created.boot, options_.started.boot);
    EXPECT_EQ(taken[0].created.wall, options_.started.wall);
}

TEST_F(OutboxUnderAttack, GoesOnWithAnEarlierSalvageWhenTheNewFileIsDamagedToo) {
    store({"one", "two"});
    damage_table("boot");
    { const Outbox replaced(options_); }
    store({"three"});
    damage_table("boot");

    Outbox outbox(options_);
    wait(outbox);

    EXPECT_THAT(bodies(outbox), UnorderedElementsAre("one", "two", "three"));
}

TEST_F(OutboxUnderAttack, WritesAtOnceIntoTheNewFileWhatTheDamagedOneDidNotTake) {
    std::vector<std::string> many(500, noise(400));
    store(many);
    options_.keep_delivered = milliseconds(0);
    Outbox outbox(options_);
    const auto size = static_cast<std::size_t>(std::filesystem::file_size(options_.path));
    overwrite(16 * 512, size - 16 * 512);  // what it has read is in its cache still

    outbox.append({message("new")});

    ASSERT_THAT(outbox.take_remark(), HasSubstr("damaged"));
    EXPECT_EQ(outbox.trouble(), "");
    EXPECT_EQ(outbox.stats().memory_messages, 0U);
}

TEST_F(OutboxUnderAttack, ThinsNotForEverWhenEachSensorHasOneReadingLeft) {
    options_.max_bytes = 1 << 20;
    options_.when_full = DropPolicy::thin;
    Outbox outbox(options_);
    std::string body;
    begin_body(body, milliseconds(4000));
    for (int sensor = 0; sensor < 800; ++sensor) {
        std::string own = body;
        append_record(own, milliseconds(0), "s" + std::to_string(sensor), noise(1500));
        NewMessage one = message(own);
        one.sensors = {"s" + std::to_string(sensor)};
        outbox.append({one});
    }
    EXPECT_GT(outbox.stats().dropped_readings, 0U);
    expect_balanced(outbox.stats());
}

TEST_F(OutboxUnderAttack, AdmitsReadingsAgainOnceEverythingWasDelivered) {
    options_.max_bytes = 1 << 20;
    options_.when_full = DropPolicy::newest;
    Outbox outbox(options_);
    while (outbox.stats().dropped_readings == 0)
        outbox.append(std::vector<NewMessage>(50, message("x")));
    ASSERT_FALSE(outbox.admits("telemetry", "boiler", {}));

    for (const StoredMessage& taken : outbox.take(100'000, 1 << 30))
        outbox.settle({taken.position});

    EXPECT_TRUE(outbox.admits("telemetry", "boiler", {}));
}

TEST_F(OutboxUnderAttack, OpensTheFileAgainToFlushIt) {
    Outbox outbox(options_);
    outbox.append({message("a", 10)});
    {
        const FilesEndAt full(4096);
        outbox.append({message(noise(20'000))});
        wait(outbox, 5);
        ASSERT_EQ(outbox.stats().stored_messages, 0U) << "it is still open";
    }
    EXPECT_TRUE(outbox.flush());
    EXPECT_EQ(outbox.stats().stored_messages, 2U);
}

TEST_F(OutboxUnderAttack, TakesAcksThatComeWhileTheFileIsClosed) {
    Outbox outbox(options_);
    outbox.append({message("a", 10)});
    outbox.append({message("b", 10)});
    outbox.set_true_offset(milliseconds(1));
    ASSERT_THAT(take_all(outbox), ElementsAre(1, 2));
    {
        const FilesEndAt full(4096);
        outbox.append({message(noise(20'000))});
        wait(outbox, 5);
        ASSERT_EQ(outbox.stats().stored_messages, 0U) << "it is still open";
        outbox.settle({1});
    }
    wait(outbox);
    ASSERT_EQ(outbox.trouble(), "");

    EXPECT_EQ(outbox.stats().owed_messages, 2U);
    EXPECT_EQ(outbox.stats().acked_readings, 10U);
    expect_balanced(outbox.stats());
}

TEST_F(OutboxUnderAttack, WritesALossAtTheEndThoughWritingItHasFailedBefore) {
    {
        Outbox outbox(options_);
        outbox.append({message("a")});
        outbox.lost({"telemetry", "queue_full", 7, {"boiler"}, {}, {}});
        auto full = std::make_unique<FilesEndAt>(1000);
        outbox.commit_acks();
        ASSERT_NE(outbox.trouble(), "");
        full.reset();
    }
    Outbox outbox(options_);
    EXPECT_EQ(bodies(outbox).size(), 2U);
}

class OutboxDeferred : public OutboxUnderAttack {
protected:
    OutboxDeferred() { options_.durability = DurabilityMode::deferred; }

    /// What the next start says of a crash.
    static std::string crash_gap(const OutboxOptions& options) {
        Outbox outbox(options);
        outbox.commit_acks();
        for (const std::string& body : bodies(outbox))
            if (body.find(R"("reason":"crash")") != std::string::npos) return body;
        return "none";
    }
};

TEST_F(OutboxDeferred, NamesAfterACrashWhatWasInMemoryBeforeAGapRecordWasWritten) {
    Outbox outbox(options_);
    outbox.set_online(true);
    outbox.append({message("a")});
    outbox.lost({"telemetry", "queue_full", 7, {"boiler"}, {}, {}});
    outbox.commit_acks();
    if (outbox.stats().memory_messages == 0) return;  // it is on disk
    EXPECT_THAT(crash_gap(crashed()), HasSubstr(R"("from_seq":1,)"));
}

TEST_F(OutboxDeferred, NamesAfterACrashWhatWasInMemoryBeforeWhatWasAcked) {
    Outbox outbox(options_);
    outbox.set_online(true);
    outbox.append({message("a"), message("b")});
    take_all(outbox);
    outbox.settle({2});
    outbox.set_true_offset(milliseconds(5));
    outbox.commit_acks();
    ASSERT_EQ(outbox.stats().memory_messages, 1U);
    EXPECT_THAT(crash_gap(crashed()), HasSubstr(R"("from_seq":1,)"));
}

TEST_F(OutboxDeferred, LetsAToolWorkOnItsFileAfterACrashAndStillNamesTheLoss) {
    Outbox outbox(options_);
    outbox.append({message("a"), message("b")});
    outbox.settle(take_all(outbox));
    outbox.commit_acks();
    outbox.set_online(true);
    outbox.append({message("c")});
    const OutboxOptions options = crashed();
    {
        OutboxOptions look;
        look.path = options.path;
        look.for_tool = true;
        Outbox tool(look);
        EXPECT_EQ(tool.replay({}, 0).messages, 2U);
        EXPECT_EQ(tool.trouble(), "");
    }
    EXPECT_THAT(crash_gap(options), HasSubstr(R"("from_seq":3,)"));
}

}  // namespace
}  // namespace fieldlink
