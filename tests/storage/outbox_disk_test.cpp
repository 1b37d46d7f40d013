#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>

#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "tests/storage/files_end_at.hpp"
#include "tests/storage/outbox_fixture.hpp"

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class OutboxOnAFailingDisk : public OutboxTest {
protected:
    /// Time passes, so that what failed is tried again.
    void wait(Outbox& outbox) {
        clock_ += std::chrono::seconds(10);
        outbox.tend({clock_, std::chrono::milliseconds(1'700'000'000'000) + clock_});
    }

    std::chrono::milliseconds clock_{10'000};
};

TEST_F(OutboxOnAFailingDisk, SendsFromMemoryWhatItCannotWrite) {
    Outbox outbox(options_);
    outbox.append({message("a", 10)});
    const FilesEndAt limit(4096);

    EXPECT_EQ(outbox.append({message(noise(20'000), 5, "new"), result("{}")}), 2);

    EXPECT_THAT(outbox.trouble(), HasSubstr(options_.path));
    EXPECT_EQ(outbox.stats().memory_messages, 2U);
    const auto taken = outbox.take(10, 100'000);
    ASSERT_THAT(seqs(taken), ElementsAre(3, 1, 2));
    EXPECT_FALSE(taken[2].prev.has_value());
    expect_balanced(outbox.stats());
    outbox.settle({2, 3});
    EXPECT_EQ(outbox.stats().memory_messages, 0U);
    EXPECT_EQ(outbox.stats().acked_readings, 5U);
    expect_balanced(outbox.stats());
}

TEST_F(OutboxOnAFailingDisk, WritesFromMemoryWhenTheDiskIsBack) {
    {
        Outbox outbox(options_);
        outbox.append({message("a")});
        {
            const FilesEndAt limit(4096);
            outbox.append({message(noise(20'000)), message("c")});
            ASSERT_NE(outbox.trouble(), "");
            wait(outbox);
            ASSERT_NE(outbox.trouble(), "") << "nothing has changed";
        }
        wait(outbox);
        EXPECT_EQ(outbox.trouble(), "");
        EXPECT_EQ(outbox.stats().memory_messages, 0U);
        EXPECT_EQ(outbox.stats().stored_messages, 3U);
    }
    Outbox outbox(options_);
    EXPECT_THAT(take_all(outbox), ElementsAre(1, 2, 3));
    expect_balanced(outbox.stats());
}

TEST_F(OutboxOnAFailingDisk, KeepsOnDiskWhatItHadBeforeTheFailure) {
    std::string epoch;
    {
        auto outbox = std::make_unique<Outbox>(options_);
        epoch = outbox->epoch();
        outbox->append({message("a", 10)});
        const FilesEndAt limit(4096);
        outbox->append({message(noise(20'000))});
        outbox.reset();
    }
    Outbox outbox(options_);
    const auto taken = outbox.take(10, 1000);
    ASSERT_THAT(seqs(taken), ElementsAre(1));
    EXPECT_EQ(taken[0].epoch, epoch);
    EXPECT_EQ(outbox.stats().read_readings, 10U) << "what was not committed was never counted";
}

TEST_F(OutboxOnAFailingDisk, LosesNothingWhenMakingRoomFails) {
    options_.max_bytes = 1 << 20;
    Outbox outbox(options_);
    const std::string body = noise(16'000);
    while (outbox.stats().dropped_readings == 0)
        outbox.append({message(body)});
    const std::uint64_t appended_before = outbox.stats().read_readings;
    std::uint64_t failures = 0;
    for (int i = 0; i < 100; ++i) {
        // Somewhere in the middle of the database file: some appends get by, some checkpoints do not.
        const FilesEndAt limit(100'000 + 2'000 * static_cast<rlim_t>(i));
        outbox.append({message(body)});
        failures += !outbox.trouble().empty();
        wait(outbox);
    }
    ASSERT_GT(failures, 0U);
    ASSERT_LT(failures, 100U);
    wait(outbox);
    EXPECT_EQ(outbox.trouble(), "");
    EXPECT_EQ(outbox.stats().read_readings, appended_before + 100);
    expect_balanced(outbox.stats());
    std::size_t readings = 0;
    for (const StoredMessage& one : outbox.take(1000, 1 << 30))
        readings += one.readings;
    EXPECT_EQ(readings, outbox.stats().owed_readings);
}

TEST_F(OutboxOnAFailingDisk, WritesAcksThatAFailedCommitWasToWriteWithTheNextOne) {
    {
        Outbox outbox(options_);
        outbox.append({message("a")});
        take_all(outbox);
        outbox.settle({1});
        {
            const FilesEndAt limit(4096);
            outbox.append({message(noise(20'000))});
        }
        wait(outbox);
    }
    Outbox outbox(options_);
    EXPECT_THAT(take_all(outbox), ElementsAre(2));
    EXPECT_EQ(outbox.stats().acked_readings, 1U);
}

TEST_F(OutboxOnAFailingDisk, StillGivesUpDeliveredMessagesFirstAfterMakingRoomFailed) {
    options_.max_bytes = 1 << 20;
    Outbox outbox(options_);
    const std::string body = noise(16'000);
    for (int i = 0; i < 60; ++i)
        outbox.settle({outbox.append({message(body)})});
    for (int i = 0; i < 20; ++i) {
        const FilesEndAt limit(4096);
        outbox.append({message(noise(60'000))});
        outbox.settle({outbox.stats().last_seq});
        wait(outbox);
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
        outbox.append({message(noise(20'000))});
    }
    wait(outbox);
    const auto taken = outbox.take(10, 100'000);
    ASSERT_THAT(seqs(taken), ElementsAre(3, 1, 2));
    EXPECT_THAT(taken[0].body, HasSubstr(R"("readings":7)"));
}

TEST_F(OutboxOnAFailingDisk, BoundsItsMemoryAndNamesWhatItDrops) {
    Outbox outbox(options_);
    outbox.append({message("a")});
    {
        const FilesEndAt limit(4096);
        for (int i = 0; i < 200; ++i)
            outbox.append({message(noise(60'000), 3)});
        EXPECT_LE(outbox.stats().memory_messages, 70U);
        EXPECT_GT(outbox.stats().memory_messages, 60U);
        expect_balanced(outbox.stats());
    }
    const std::uint64_t dropped = outbox.stats().dropped_by_reason.at("disk_error");
    wait(outbox);
    EXPECT_EQ(outbox.stats().read_readings, 601U);
    const auto taken = outbox.take(1, 1000);
    ASSERT_EQ(taken[0].kind, Kind::gap);
    EXPECT_THAT(taken[0].body, HasSubstr(R"("from_seq":2,)"));
    EXPECT_THAT(taken[0].body, HasSubstr("\"readings\":" + std::to_string(dropped)));
    EXPECT_THAT(taken[0].body, HasSubstr("disk_error"));
    expect_balanced(outbox.stats());
}

class OutboxWithoutAFile : public OutboxOnAFailingDisk {
protected:
    OutboxWithoutAFile() { options_.path = (directory_ / "not" / "yet" / "outbox.db").string(); }
    void make_directory() { std::filesystem::create_directory(directory_ / "not"); }
};

TEST_F(OutboxWithoutAFile, NumbersSendsAndSettlesAllTheSame) {
    Outbox outbox(options_);
    EXPECT_THAT(outbox.trouble(), HasSubstr("outbox.path"));
    EXPECT_EQ(outbox.append({message("a", 1, "one"), message("b", 2, "one")}), 1);
    const auto taken = outbox.take(10, 1000);
    ASSERT_THAT(seqs(taken), ElementsAre(1, 2));
    EXPECT_EQ(taken[1].prev->seq, 1);
    outbox.settle({taken[0].position});
    EXPECT_EQ(outbox.stats().acked_readings, 1U);
    EXPECT_EQ(outbox.stats().owed_readings, 2U);
    expect_balanced(outbox.stats());
}

TEST_F(OutboxWithoutAFile, KeepsTheIdsItHasGivenWhenTheFileComes) {
    std::string epoch;
    std::int64_t position = 0;
    {
        Outbox outbox(options_);
        epoch = outbox.epoch();
        outbox.append({message("a", 1, "one"), message("b", 2, "one"), message("c", 4, "one")});
        position = outbox.take(1, 1).at(0).position;
        make_directory();
        // Behind its back there was an outbox all the time, with numbers of its own.
        { Outbox(options_).append({message("x", 8, "one"), message("y", 8, "two")}); }

        wait(outbox);

        EXPECT_EQ(outbox.trouble(), "");
        EXPECT_EQ(outbox.epoch(), epoch);
        outbox.settle({position});
        EXPECT_EQ(outbox.append({message("d", 16, "one")}), 4);
        const auto taken = outbox.take(10, 1000);
        ASSERT_THAT(seqs(taken), ElementsAre(2, 3, 4, 1, 2));
        EXPECT_EQ(taken[0].epoch, epoch);
        EXPECT_EQ(taken[2].epoch, epoch);
        EXPECT_EQ(taken[2].prev->seq, 3);
        EXPECT_NE(taken[3].epoch, epoch) << "what was in the file, under the numbers that it had";
        expect_balanced(outbox.stats());
        EXPECT_EQ(outbox.stats().acked_readings, 1U);
    }
    Outbox outbox(options_);
    const auto taken = outbox.take(10, 1000);
    ASSERT_THAT(seqs(taken), ElementsAre(1, 2, 2, 3, 4));
    EXPECT_EQ(taken[2].epoch, epoch);
    EXPECT_EQ(taken[2].body, "b");
    EXPECT_EQ(taken[3].prev->seq, 2);
    EXPECT_EQ(outbox.append({message("e", 1, "one")}), 5) << "the numbers go on";
    EXPECT_EQ(outbox.take(1, 1).at(0).prev->epoch, epoch);
}

TEST_F(OutboxWithoutAFile, LosesItsMemoryWithTheProcessAndNothingElse) {
    { Outbox(options_).append({message("a")}); }
    make_directory();
    Outbox outbox(options_);
    EXPECT_EQ(outbox.trouble(), "");
    EXPECT_TRUE(take_all(outbox).empty());
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

TEST_F(OutboxOnAFullDisk, GoesOnInTheSpaceThatItReserved) {
    options_.max_bytes = 1 << 20;
    Outbox outbox(options_);
    outbox.append({message("a", 10)});
    fill();
    for (int i = 0; i < 100; ++i)
        outbox.append({message(noise(40'000), 1)});
    EXPECT_EQ(outbox.trouble(), "");
    EXPECT_EQ(outbox.stats().memory_messages, 0U);
    EXPECT_GT(outbox.stats().used_bytes, options_.max_bytes / 3);
    expect_balanced(outbox.stats());
}

TEST_F(OutboxOnAFullDisk, KeepsInMemoryWhatASmallFileCouldNotHold) {
    options_.max_bytes = 3 << 20;
    Outbox outbox(options_);
    outbox.append({message("a")});
    fill();
    for (int i = 0; i < 28; ++i)
        outbox.append({message(noise(40'000), 1)});
    EXPECT_THAT(outbox.trouble(), HasSubstr("free some space"));
    EXPECT_EQ(outbox.stats().dropped_readings, 0U);

    std::filesystem::remove(ballast());
    outbox.tend({std::chrono::milliseconds(100'000), std::chrono::milliseconds(1'700'000'100'000)});

    EXPECT_EQ(outbox.trouble(), "");
    EXPECT_EQ(outbox.stats().memory_messages, 0U);
    EXPECT_EQ(outbox.stats().read_readings, 29U);
    EXPECT_EQ(take_all(outbox).size() + outbox.stats().dropped_readings, 29U);
    expect_balanced(outbox.stats());
}

}  // namespace
}  // namespace fieldlink
