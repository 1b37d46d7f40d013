#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>

#include "storage/sqlite.hpp"
#include "tests/storage/outbox_fixture.hpp"
#include "tests/storage/outbox_truth.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

constexpr int kMessages = 60;
const std::string kBody(10'000, 'x');

/// Files whose damage is found when they are opened, with whole messages in them.
class OutboxSalvage : public OutboxTest {
protected:
    /// Stores messages, and leaves the files as a crash would: only then they are looked at for damage.
    void store(int messages) {
        std::string copy;
        {
            Outbox outbox(options_);
            epoch_ = outbox.epoch();
            for (int i = 0; i < messages; ++i)
                outbox.append({message(kBody, 10)});
            copy = crashed().path;
        }
        for (const char* suffix : {"", "-wal"})
            std::filesystem::rename(copy + suffix, options_.path + suffix);
    }

    /// Spoils a page that quick_check looks at and that no message needs.
    void damage() {
        std::int64_t page = 0;
        {
            Database database(options_.path);
            page = database.integer("SELECT rootpage FROM sqlite_schema WHERE name = 'boot'");
            database.empty_wal();
        }
        std::fstream file(options_.path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp((page - 1) * 512);
        file << std::string(512, 'Z');
    }

    std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (const auto& file : std::filesystem::directory_iterator(directory_))
            if (file.path().string().find("-wal") == std::string::npos)
                names.push_back(file.path().filename().string());
        std::sort(names.begin(), names.end());
        return names;
    }

    static int tend_until_through(Outbox& outbox, int at_most = 1000) {
        int calls = 0;
        for (; calls < at_most && outbox.stats().salvaging; ++calls)
            outbox.tend({milliseconds(10'000 + 100 * calls), milliseconds(0)});
        return calls;
    }

    /// All that was stored, each once, as it was, under its old id.
    void expect_all(Outbox& outbox, int messages) {
        std::vector<std::int64_t> found;
        for (const StoredMessage& one : outbox.take(100'000, 1 << 30)) {
            if (one.kind != Kind::readings) continue;
            EXPECT_EQ(one.epoch, epoch_);
            EXPECT_EQ(one.body, kBody);
            found.push_back(one.seq);
        }
        std::sort(found.begin(), found.end());
        ASSERT_EQ(found.size(), static_cast<std::size_t>(messages));
        EXPECT_EQ(found.front(), 1);
        EXPECT_EQ(found.back(), messages);
        EXPECT_TRUE(std::adjacent_find(found.begin(), found.end()) == found.end());
    }

    std::string epoch_;
};

TEST_F(OutboxSalvage, MovesADamagedFileAsideAndSaysSo) {
    store(kMessages);
    damage();
    Outbox outbox(options_);
    EXPECT_EQ(outbox.trouble(), "");
    EXPECT_THAT(outbox.take_remark(), HasSubstr(options_.path + ".damaged-1"));
    EXPECT_EQ(outbox.take_remark(), "") << "told once";
    EXPECT_THAT(files(), testing::ElementsAre("outbox.db", "outbox.db.damaged-1"));
    EXPECT_TRUE(outbox.stats().salvaging);
}

TEST_F(OutboxSalvage, DeliversWhatIsWholeOverSeveralPieces) {
    store(kMessages);
    damage();
    Outbox outbox(options_);

    EXPECT_GT(tend_until_through(outbox), 5) << "one piece must not keep new readings waiting";

    expect_all(outbox, kMessages);
    EXPECT_EQ(outbox.stats().salvaged_readings, 10U * kMessages);
    EXPECT_THAT(outbox.take_remark(), HasSubstr("600 readings"));
    expect_balanced(outbox.stats());
}

TEST_F(OutboxSalvage, DeliversWhatWasRefusedBeforeItWasFound) {
    store(kMessages);
    damage();
    Outbox outbox(options_);
    outbox.refuse({{kMessages, 0, {}, true}});
    outbox.commit_acks();
    tend_until_through(outbox);
    expect_all(outbox, kMessages);
    EXPECT_EQ(outbox.stats().quarantined_readings, 0U);
    expect_balanced(outbox.stats());
}

TEST_F(OutboxSalvage, TakesNewReadingsMeanwhileAndNumbersThemBeyondTheOldOnes) {
    store(kMessages);
    damage();
    Outbox outbox(options_);
    outbox.tend({milliseconds(10'000), milliseconds(0)});
    ASSERT_TRUE(outbox.stats().salvaging);

    EXPECT_GT(outbox.append({message("new")}), kMessages);

    const auto next = outbox.take(1, 1);
    ASSERT_EQ(next.size(), 1U);
    EXPECT_EQ(next[0].body, "new") << "live first";
    EXPECT_EQ(next[0].epoch, outbox.epoch());
}

TEST_F(OutboxSalvage, GoesOnAfterARestartInTheMiddle) {
    store(kMessages);
    damage();
    {
        Outbox outbox(options_);
        for (int i = 0; i < 3; ++i)
            outbox.tend({milliseconds(10'000), milliseconds(0)});
        ASSERT_TRUE(outbox.stats().salvaging);
        ASSERT_GT(outbox.stats().salvaged_readings, 0U);
    }
    Outbox outbox(options_);
    EXPECT_TRUE(outbox.stats().salvaging);
    tend_until_through(outbox);
    expect_all(outbox, kMessages);
    EXPECT_EQ(outbox.stats().salvaged_readings, 10U * kMessages);
}

TEST_F(OutboxSalvage, GoesOnAfterACrashInTheMiddle) {
    store(kMessages);
    damage();
    OutboxOptions after;
    {
        Outbox outbox(options_);
        for (int i = 0; i < 3; ++i)
            outbox.tend({milliseconds(10'000), milliseconds(0)});
        ASSERT_TRUE(outbox.stats().salvaging);
        after = crashed();
    }
    Outbox next(after);

    tend_until_through(next);
    expect_all(next, kMessages);
    EXPECT_EQ(next.stats().salvaged_readings, 10U * kMessages);
    expect_balanced(next.stats());
}

TEST_F(OutboxSalvage, NamesWhatIsNotWholeInAGapRecord) {
    store(kMessages);
    Database(options_.path).run("UPDATE message SET body = 'y' WHERE position IN (5, 6, 7)");
    damage();
    Outbox outbox(options_);
    tend_until_through(outbox);
    outbox.commit_acks();

    std::uint64_t lost = 0, whole = 0;
    for (const StoredMessage& one : outbox.take(1000, 1 << 30)) {
        if (one.kind == Kind::readings) ++whole;
        if (one.kind != Kind::gap) continue;
        const GapRecord gap(one.body);
        EXPECT_EQ(gap.reason, "corrupt");
        EXPECT_EQ(gap.epoch, epoch_);
        EXPECT_EQ(gap.from_seq, 5);
        EXPECT_EQ(gap.to_seq, 7);
        lost += gap.messages.value_or(0);
    }
    EXPECT_EQ(lost, 3U);
    EXPECT_EQ(whole, kMessages - 3U);
}

TEST_F(OutboxSalvage, KeepsTheTwoNewestDamagedFiles) {
    for (int i = 0; i < 4; ++i) {
        std::filesystem::remove(options_.path);
        std::filesystem::remove(options_.path + "-wal");
        store(2);
        damage();
        Outbox outbox(options_);
        tend_until_through(outbox);
    }
    EXPECT_THAT(files(), testing::ElementsAre("outbox.db", "outbox.db.damaged-3", "outbox.db.damaged-4"));
}

TEST_F(OutboxSalvage, LeavesFilesAloneThatAreNoOutbox) {
    {
        std::ofstream(options_.path).flush();
        Database other(options_.path);
        other.run("CREATE TABLE precious(a INTEGER); INSERT INTO precious VALUES(17)");
    }
    {
        Outbox outbox(options_);
        EXPECT_THAT(outbox.trouble(), HasSubstr("belongs to another program"));
        EXPECT_EQ(outbox.append({message("kept in memory")}), 1);
        outbox.tend({milliseconds(60'000), milliseconds(0)});
        EXPECT_EQ(outbox.stats().memory_messages, 1U);
    }
    EXPECT_EQ(Database(options_.path).integer("SELECT a FROM precious"), 17);
    EXPECT_THAT(files(), testing::ElementsAre("outbox.db"));
}

TEST_F(OutboxSalvage, LeavesTextFilesAloneToo) {
    std::ofstream(options_.path) << std::string(5000, 'a');
    const Outbox outbox(options_);
    EXPECT_THAT(outbox.trouble(), HasSubstr("not an outbox"));
    EXPECT_EQ(std::filesystem::file_size(options_.path), 5000U);
    EXPECT_THAT(files(), testing::ElementsAre("outbox.db"));
}

}  // namespace
}  // namespace fieldlink
