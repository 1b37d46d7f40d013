#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>

#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "tests/storage/outbox_fixture.hpp"

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// While it lives, no file of this process grows beyond `bytes`: writing fails as on a failing disk.
class FilesEndAt {
public:
    explicit FilesEndAt(rlim_t bytes) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        signal_before_ = ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FilesEndAt() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        ::signal(SIGXFSZ, signal_before_);
    }
    FilesEndAt(const FilesEndAt&) = delete;
    FilesEndAt& operator=(const FilesEndAt&) = delete;

private:
    rlimit before_{};
    sighandler_t signal_before_ = SIG_DFL;
};

void expect_same(const OutboxStats& a, const OutboxStats& b) {
    EXPECT_EQ(a.last_seq, b.last_seq);
    EXPECT_EQ(a.owed_messages, b.owed_messages);
    EXPECT_EQ(a.owed_readings, b.owed_readings);
    EXPECT_EQ(a.stored_messages, b.stored_messages);
    EXPECT_EQ(a.read_readings, b.read_readings);
    EXPECT_EQ(a.acked_readings, b.acked_readings);
    EXPECT_EQ(a.dropped_readings, b.dropped_readings);
}

using OutboxOnAFailingDisk = OutboxTest;

TEST_F(OutboxOnAFailingDisk, IsAsBeforeWhenACommitFails) {
    Outbox outbox(options_);
    outbox.append({message("a", 10), message("b", 10)});
    take_all(outbox);
    outbox.settle({1});
    const OutboxStats before = outbox.stats();
    {
        const FilesEndAt limit(4096);
        EXPECT_THROW(outbox.append({message(std::string(20'000, 'x'), 10, "new"), result("{}")}), StorageError);
    }
    expect_same(outbox.stats(), before);

    EXPECT_EQ(outbox.append({message("c", 10), message("d", 10, "new")}), 3);

    const auto taken = outbox.take(10, 1000);
    ASSERT_THAT(seqs(taken), ElementsAre(3, 4));
    ASSERT_TRUE(taken[0].prev.has_value());
    EXPECT_EQ(taken[0].prev->seq, 2);
    EXPECT_FALSE(taken[1].prev.has_value()) << "the channel's failed message never was";
    expect_balanced(outbox.stats());
}

TEST_F(OutboxOnAFailingDisk, KeepsOnDiskWhatItHadBeforeTheFailure) {
    {
        Outbox outbox(options_);
        outbox.append({message("a", 10)});
        const FilesEndAt limit(4096);
        EXPECT_THROW(outbox.append({message(std::string(20'000, 'x'))}), StorageError);
    }
    Outbox outbox(options_);
    EXPECT_THAT(take_all(outbox), ElementsAre(1));
    EXPECT_EQ(outbox.stats().read_readings, 10U);
}

TEST_F(OutboxOnAFailingDisk, LosesNothingWhenMakingRoomFails) {
    options_.max_bytes = 1 << 20;
    Outbox outbox(options_);
    const std::string body(16'000, 'x');
    while (outbox.stats().dropped_readings == 0)
        outbox.append({message(body)});
    std::uint64_t failures = 0, committed = 0;
    for (int i = 0; i < 100; ++i) {
        const OutboxStats before = outbox.stats();
        try {
            // Somewhere in the middle of the database file: some appends get by, some checkpoints do not.
            const FilesEndAt limit(100'000 + 2'000 * static_cast<rlim_t>(i));
            outbox.append({message(body)});
            ++committed;
        } catch (const StorageError&) {
            ++failures;
            expect_same(outbox.stats(), before);
        }
    }
    ASSERT_GT(failures, 0U);
    ASSERT_GT(committed, 0U);
    outbox.append({message(body)});
    expect_balanced(outbox.stats());

    std::size_t readings = 0;
    for (const StoredMessage& one : outbox.take(1000, 1 << 30))
        readings += one.readings;
    EXPECT_EQ(readings, outbox.stats().owed_readings);
}

TEST_F(OutboxOnAFailingDisk, KnowsItsEpochThoughTheFirstCommitFailed) {
    std::string epoch;
    {
        Outbox outbox(options_);
        epoch = outbox.epoch();
        const std::vector<NewMessage> batch{message(std::string(20'000, 'x'))};
        {
            const FilesEndAt limit(4096);
            EXPECT_THROW(outbox.append(batch), StorageError);
        }
        outbox.append(batch);
    }
    Outbox outbox(options_);
    const auto taken = outbox.take(1, 1000);
    ASSERT_THAT(seqs(taken), ElementsAre(1));
    EXPECT_EQ(taken[0].epoch, epoch);
}

TEST_F(OutboxOnAFailingDisk, WritesAcksThatAFailedCommitWasToWriteWithTheNextOne) {
    {
        Outbox outbox(options_);
        outbox.append({message("a")});
        take_all(outbox);
        outbox.settle({1});
        {
            const FilesEndAt limit(4096);
            EXPECT_THROW(outbox.append({message(std::string(20'000, 'x'))}), StorageError);
        }
        outbox.commit_acks();
    }
    Outbox outbox(options_);
    EXPECT_EQ(outbox.stats().owed_messages, 0U);
    EXPECT_EQ(outbox.stats().acked_readings, 1U);
}

TEST_F(OutboxOnAFailingDisk, StillGivesUpDeliveredMessagesFirstAfterMakingRoomFailed) {
    options_.max_bytes = 1 << 20;
    Outbox outbox(options_);
    const std::string body(16'000, 'x');
    for (int i = 0; i < 60; ++i)
        outbox.settle({outbox.append({message(body)})});
    for (int i = 0; i < 60; ++i) {
        const FilesEndAt limit(4096);
        EXPECT_THROW(outbox.append({message(std::string(60'000, 'x'))}), StorageError);
    }
    for (int i = 0; i < 20; ++i)
        outbox.append({message(body)});
    EXPECT_EQ(outbox.stats().owed_messages, 20U);
    EXPECT_EQ(outbox.stats().dropped_readings, 0U);
}

TEST_F(OutboxOnAFailingDisk, RecordsALossThatWasNotedBeforeTheFailureLater) {
    Outbox outbox(options_);
    outbox.append({message("a")});
    outbox.lost({"telemetry", "queue_full", 7, {"meter"}, {}, {}});
    {
        const FilesEndAt limit(4096);
        EXPECT_THROW(outbox.append({message(std::string(20'000, 'x'))}), StorageError);
    }
    outbox.append({message("b")});
    const auto taken = outbox.take(10, 1000);
    ASSERT_THAT(seqs(taken), ElementsAre(2, 1, 3));
    EXPECT_THAT(taken[0].body, HasSubstr(R"("readings":7)"));
}

/// A filesystem of 2 MiB in memory.
class OutboxOnAFullDisk : public OutboxTest {
protected:
    void SetUp() override {
        if (::mount("tmpfs", directory_.c_str(), "tmpfs", 0, "size=2m") != 0)
            GTEST_SKIP() << "mounting a filesystem to fill needs root: " << std::strerror(errno);
        mounted_ = true;
    }
    void TearDown() override {
        if (mounted_) ::umount2(directory_.c_str(), MNT_DETACH);
    }

    void fill() {
        std::ofstream file(ballast(), std::ios::binary);
        const std::string page(4096, 'x');
        while (file.write(page.data(), static_cast<std::streamsize>(page.size())).flush())
            continue;
    }
    std::filesystem::path ballast() const { return directory_ / "somebody-elses"; }

    bool mounted_ = false;
};

TEST_F(OutboxOnAFullDisk, SaysSoAndGoesOnWhenSpaceReturns) {
    Outbox outbox(options_);
    outbox.append({message("a", 10)});
    fill();
    const OutboxStats before = outbox.stats();
    try {
        for (int i = 0; i < 10; ++i)
            outbox.append({message(std::string(200'000, 'x'), 1)});
        FAIL() << "the disk was to be full";
    } catch (const StorageError& error) {
        EXPECT_THAT(error.what(), HasSubstr("free some space"));
    }
    EXPECT_EQ(outbox.stats().last_seq, before.last_seq);

    std::filesystem::remove(ballast());

    EXPECT_EQ(outbox.append({message("b", 10)}), 2);
    EXPECT_THAT(take_all(outbox), ElementsAre(1, 2));
}

}  // namespace
}  // namespace fieldlink
