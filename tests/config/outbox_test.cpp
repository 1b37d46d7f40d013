#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/files.hpp"

namespace fieldlink {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

LoadedText load_section(const std::string& section) {
    ConfigText config;
    config.more = section + "\n";
    return load_text(config.text());
}

TEST(Batch, TakesTheLowestValuesOfTheManual) {
    const LoadedText loaded = load_section("batch: {max_age: 10ms, max_bytes: 1KiB, max_readings: 1}");
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(loaded.config->batch.max_age, 10ms);
    EXPECT_EQ(loaded.config->batch.max_bytes, 1024u);
    EXPECT_EQ(loaded.config->batch.max_readings, 1u);
}

TEST(Batch, RefusesWhatIsLower) {
    EXPECT_THAT(load_section("batch: {max_age: 9ms, max_bytes: 1023B, max_readings: 0}").problems,
                ElementsAre(HasSubstr("5:18: error: batch.max_age: \"9ms\" is too small; the least is 10ms"),
                            HasSubstr("5:34: error: batch.max_bytes: \"1023B\" is too small; the least is 1KiB"),
                            HasSubstr("5:55: error: batch.max_readings: \"0\" is too small; the least is 1")));
}

TEST(Batch, RefusesFramesThatTheServiceOrOneCommitWouldNotTake) {
    EXPECT_THAT(load_section("batch: {max_bytes: 60KiB}").problems, IsEmpty());
    EXPECT_THAT(load_section("batch: {max_bytes: 61KiB}").problems,
                ElementsAre(HasSubstr("5:20: error: batch.max_bytes: \"61KiB\" is too large; the most is 60KiB")));
}

TEST(OutboxSection, IsReadWhole) {
    const LoadedText loaded = load_section("outbox: {path: /tmp/o.db, max_size: 1MiB, order: oldest_first}");
    EXPECT_THAT(loaded.problems, IsEmpty());
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(loaded.config->outbox.path, "/tmp/o.db");
    EXPECT_EQ(loaded.config->outbox.max_size, 1024u * 1024);
    EXPECT_EQ(loaded.config->outbox.order, SendOrder::oldest_first);
}

TEST(OutboxSection, ObeysEveryPolicyAndDurability) {
    const LoadedText policies =
        load_section("outbox: {when_full: drop_newest, durability: process, keep_delivered: 0s}");
    EXPECT_THAT(policies.problems, IsEmpty());
    ASSERT_TRUE(policies.config);
    EXPECT_EQ(policies.config->outbox.when_full, WhenFull::drop_newest);
    EXPECT_EQ(policies.config->outbox.durability, Durability::process);
    EXPECT_EQ(policies.config->outbox.keep_delivered, 0s);
    EXPECT_THAT(load_section("outbox: {when_full: thin_evenly, durability: deferred}").problems, IsEmpty());
}

TEST(OutboxSection, WarnsOfAPathThatDependsOnTheWorkingDirectory) {
    EXPECT_THAT(load_section("outbox: {path: outbox.db, max_size: 1MiB}").problems,
                ElementsAre(HasSubstr("5:16: warning: outbox.path: is relative")));
}

TEST(OutboxSection, IsRefusedWhereTheDiskCannotHoldIt) {
    EXPECT_THAT(load_section("outbox: {path: /tmp/yet/o.db, max_size: 900000GiB}").problems,
                ElementsAre(HasSubstr("5:41: error: outbox.max_size: the filesystem of /tmp/yet/o.db has room")));
}

TEST(OutboxSection, WarnsOfADirectoryThatTheDaemonWouldNotCreate) {
    EXPECT_THAT(load_section("outbox: {path: /tmp/not/yet/there/o.db, max_size: 1MiB}").problems,
                ElementsAre(HasSubstr("5:16: warning: outbox.path: the directory /tmp/not/yet does not exist, and only "
                                      "the last one of the path is created; create it")));
}

TEST(OutboxSection, RefusesADirectoryAsTheFile) {
    EXPECT_THAT(load_section("outbox: {path: /tmp, max_size: 1MiB}").problems,
                ElementsAre(HasSubstr("5:16: error: outbox.path: is a directory; name a file in it, such as "
                                      "/tmp/outbox.db")));
}

TEST(Sections, MayBeThereWithoutKeys) {
    EXPECT_THAT(load_section("batch:\noutbox: {}\ncommands:\nmetrics:\ncontrol:").problems, IsEmpty());
}

TEST(Control, HasASocketPathThatTheKernelTakes) {
    EXPECT_THAT(load_section("control: {socket: /" + std::string(106, 'x') + "}").problems, IsEmpty());
    EXPECT_THAT(load_section("control: {socket: /" + std::string(107, 'x') + "}").problems,
                ElementsAre(HasSubstr("5:19: error: control.socket: is longer than a socket's path can be")));
}

TEST(Metrics, MayBeSeenByOthersOnlyWithAWarning) {
    for (const char* const own : {"127.0.0.1:9469", "\"[::1]:9469\"", "localhost:9469"})
        EXPECT_THAT(load_section(std::string("metrics: {listen: ") + own + "}").problems, IsEmpty()) << own;
    for (const char* const any : {"0.0.0.0:9469", "\"[::]:9469\"", "192.0.2.7:9469"})
        EXPECT_THAT(load_section(std::string("metrics: {listen: ") + any + "}").problems,
                    ElementsAre(HasSubstr("5:19: warning: metrics.listen: shows the names of buses and sensors")))
            << any;
}

}  // namespace
}  // namespace fieldlink
