#include "daemon/recorder.hpp"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>
#include <stdlib.h>

#include "daemon/message/body.hpp"
#include "daemon/message/clock.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

class RecorderTest : public testing::Test, protected Recorder::Host {
protected:
    RecorderTest() {
        char name[] = "/tmp/fieldlink-recorder-XXXXXX";
        directory_ = ::mkdtemp(name);
        config_.gateway = "gw";
        config_.uplink.channels = {"telemetry", "commands", "results"};
        options_.path = directory_ + "/outbox.db";
        options_.max_bytes = 4 * 1024 * 1024;
        options_.gateway = "gw";
        options_.boot_id = "boot";
        options_.started = now();
    }
    ~RecorderTest() override { std::filesystem::remove_all(directory_); }

    static Readings readings(int count, std::size_t size = 20) {
        std::vector<Reading> all;
        for (int i = 0; i < count; ++i)
            all.push_back({"s", now(), R"("values":{"p":")" + std::string(size, 'x') + "\"}"});
        return std::make_shared<const std::vector<Reading>>(std::move(all));
    }

    void committed() override { ++commits_; }
    void taken(std::vector<StoredMessage> messages) override { taken_ = std::move(messages); }
    void storage_changed(const StorageStatus& status) override { status_ = status; }

    boost::asio::io_context io_;
    std::string directory_;
    Config config_;
    OutboxOptions options_;
    int commits_ = 0;
    std::vector<StoredMessage> taken_;
    StorageStatus status_;
};

TEST_F(RecorderTest, CommitsABatchWhenItIsDueAndSaysThatSomethingIsOwed) {
    config_.batch.max_age = milliseconds(20);
    Recorder recorder(io_, config_, options_, *this);
    recorder.add(readings(3));
    EXPECT_EQ(recorder.status().waiting_readings, 3u);
    io_.run_for(std::chrono::seconds(5));
    EXPECT_EQ(commits_, 1);
    EXPECT_EQ(status_.outbox.owed_readings, 3u);
    EXPECT_EQ(recorder.status().waiting_readings, 0u);
}

TEST_F(RecorderTest, CommitsAFullBatchAtOnce) {
    config_.batch.max_readings = 10;
    Recorder recorder(io_, config_, options_, *this);
    recorder.add(readings(25));
    EXPECT_EQ(commits_, 1);
    EXPECT_EQ(recorder.status().outbox.owed_messages, 2u);
    EXPECT_EQ(recorder.status().waiting_readings, 5u);
}

TEST_F(RecorderTest, CommitsWhatWasReadBeforeAResultTogetherWithIt) {
    Recorder recorder(io_, config_, options_, *this);
    recorder.add(readings(1));
    recorder.add_result(R"({"status":"done"})");
    EXPECT_EQ(commits_, 1);
    recorder.take(10, 100'000);
    ASSERT_EQ(taken_.size(), 2u);
    EXPECT_EQ(taken_[0].channel, "results");
    EXPECT_EQ(taken_[1].channel, "telemetry");
}

TEST_F(RecorderTest, FlushesWhatIsNotDueYet) {
    Recorder recorder(io_, config_, options_, *this);
    recorder.add(readings(2));
    EXPECT_TRUE(recorder.flush());
    EXPECT_EQ(recorder.status().outbox.owed_readings, 2u);
}

TEST_F(RecorderTest, NamesTheReadingsThatWereLostOnTheirWay) {
    Recorder recorder(io_, config_, options_, *this);
    recorder.lost({{"", "queue_full", 7, {"s"}, now(), now()}});
    recorder.add_result("{}");
    recorder.take(10, 100'000);
    const auto is_gap = [](const StoredMessage& message) { return message.kind == Kind::gap; };
    const auto gap = std::find_if(taken_.begin(), taken_.end(), is_gap);
    ASSERT_NE(gap, taken_.end());
    EXPECT_EQ(gap->channel, "telemetry");
    EXPECT_NE(gap->body.find(R"("readings":7)"), std::string::npos) << gap->body;
    EXPECT_NE(gap->body.find("queue_full"), std::string::npos);
}

TEST_F(RecorderTest, HandsOutAgainWhatWasGivenBack) {
    Recorder recorder(io_, config_, options_, *this);
    recorder.add_result("{}");
    recorder.take(10, 100'000);
    ASSERT_EQ(taken_.size(), 1u);
    const std::int64_t position = taken_[0].position;
    recorder.take(10, 100'000);
    EXPECT_TRUE(taken_.empty());
    recorder.give_back({position});
    recorder.take(10, 100'000);
    EXPECT_EQ(taken_.size(), 1u);
    recorder.connection_ended({position});
    recorder.take(10, 100'000);
    EXPECT_EQ(taken_.size(), 1u);
}

TEST_F(RecorderTest, WritesSoonWhatIsRefusedAndSaysThatItsGapRecordIsOwed) {
    Recorder recorder(io_, config_, options_, *this);
    recorder.add(readings(3));
    recorder.flush();
    recorder.take(10, 100'000);
    ASSERT_EQ(taken_.size(), 1u);
    const int commits = commits_;
    recorder.refuse({{taken_[0].position, 0, {}, true}});
    while (commits_ == commits)
        ASSERT_EQ(io_.run_one(), 1u) << "nothing will come";
    EXPECT_EQ(status_.outbox.quarantined_readings, 3u);
    recorder.take(10, 100'000);
    ASSERT_EQ(taken_.size(), 1u);
    EXPECT_NE(taken_[0].body.find("refused"), std::string::npos) << taken_[0].body;
}

TEST(InboxBudget, RefusesWhatGoesOverItsBoundAndTakesNothingThen) {
    InboxBudget budget(100);
    EXPECT_TRUE(budget.take(60));
    EXPECT_FALSE(budget.take(41));
    EXPECT_TRUE(budget.take(40));
    budget.give_back(60);
    EXPECT_TRUE(budget.take(60));
    EXPECT_FALSE(budget.take(1));
}

}  // namespace
}  // namespace fieldlink
