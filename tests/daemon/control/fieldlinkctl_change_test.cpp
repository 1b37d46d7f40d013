#include <csignal>
#include <filesystem>

#include <unistd.h>

#include "outbox_daemon_fixture.hpp"

namespace fieldlink {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

constexpr uid_t kNobody = 65534;

TEST_F(FieldlinkctlOutbox, ReplaysPieceByPieceAndWatchesUntilAllIsDelivered) {
    answers_ = {R"({"ok":true,"messages":2,"readings":60,"next":403,"end":false})",
                R"({"ok":true,"messages":1,"readings":30,"next":413,"end":true})"};
    statuses_ = {replaying(3), replaying(1), replaying(0)};
    start();

    const auto ended = ctl({"outbox", "replay", "--seq", "400-412"});
    stop();

    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.out, "3 messages (90 readings) will be sent again under their old ids\nall were delivered\n");
    EXPECT_EQ(status_asked_, 3);
    ASSERT_THAT(outbox_requests_, SizeIs(2));
    EXPECT_EQ(outbox_requests_[1].verb, OutboxVerb::replay);
    EXPECT_EQ(outbox_requests_[1].range.to_seq, 412);
    EXPECT_EQ(outbox_requests_[1].from, 403);
}

TEST_F(FieldlinkctlOutbox, ReplaysWithoutWaiting) {
    answers_ = {R"({"ok":true,"messages":2,"readings":60,"next":403,"end":true})"};
    statuses_ = {replaying(2)};
    start();

    const auto ended = ctl({"outbox", "replay", "--since", "2h", "--no-wait", "--json"});
    stop();

    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.out, "{\"messages\":2,\"readings\":60}\n");
    EXPECT_EQ(status_asked_, 0);
}

TEST_F(FieldlinkctlOutbox, DetachesFromAReplayWithCtrlC) {
    answers_ = {R"({"ok":true,"messages":5,"readings":60,"next":403,"end":true})"};
    statuses_ = {replaying(5)};
    start();
    Program replay({kProgram, "--socket", path_, "outbox", "replay", "--since", "2h"});
    replay.line();

    replay.signal(SIGINT);

    const auto ended = replay.end();
    EXPECT_EQ(ended.status, 0);
    EXPECT_THAT(ended.err, StartsWith("5 replayed messages still owed: the daemon goes on delivering"));
}

TEST_F(FieldlinkctlOutbox, TellsTheReplayedFromWhatWasNeverDeliveredBeforeAPurge) {
    std::string replayed = entry(417);
    replayed.replace(replayed.find(R"("replayed":false)"), 16, R"("replayed":true)");
    answers_ = {page(replayed + "," + entry(418) + "," + entry(419), 420, true)};
    start();

    const auto ended =
        run({"/bin/sh", "-c", std::string(kProgram) + " --socket " + path_ + " outbox purge </dev/null"});

    EXPECT_THAT(ended.err, HasSubstr("1 delivered message, 1 message of a replay that is under way and 1 message "
                                     "(1 reading) that the service has not got yet;"));
}

TEST_F(FieldlinkctlOutbox, DoesNotPurgeUnasked) {
    answers_ = {page(entry(418) + "," + entry(419) + "," + entry(420), 421, true)};
    start();

    const auto ended =
        run({"/bin/sh", "-c", std::string(kProgram) + " --socket " + path_ + " outbox purge </dev/null"});
    stop();

    EXPECT_EQ(ended.status, 2);
    EXPECT_THAT(ended.err,
                AllOf(HasSubstr("would remove 2 delivered messages and 1 message (1 reading) that the service "
                                "has not got yet"),
                      HasSubstr("nothing was removed: add --yes")));
    ASSERT_THAT(outbox_requests_, SizeIs(1));
    EXPECT_EQ(outbox_requests_[0].verb, OutboxVerb::list);
}

TEST_F(FieldlinkctlOutbox, PurgesWhatIsOwedOnlyIfItMay) {
    answers_ = {R"({"ok":true,"messages":3,"readings":9,"next":403,"end":true})",
                R"({"ok":true,"messages":1,"readings":1,"next":403,"end":true})"};
    start();

    const auto all = ctl({"outbox", "purge", "--yes", "--until", "1764000000000"});
    const auto delivered = ctl({"outbox", "purge", "--yes", "--delivered-only", "--json"});
    stop();

    EXPECT_EQ(all.out, "removed 3 messages (9 readings)\n");
    EXPECT_EQ(delivered.out, "{\"messages\":1,\"readings\":1}\n");
    ASSERT_THAT(outbox_requests_, SizeIs(2));
    EXPECT_TRUE(outbox_requests_[0].owed_too);
    EXPECT_EQ(outbox_requests_[0].range.until, std::chrono::milliseconds(1'764'000'000'000));
    EXPECT_FALSE(outbox_requests_[1].owed_too);
}

TEST_F(FieldlinkctlOutbox, PurgesNothingThatIsStoredMeanwhile) {
    answers_ = {R"({"ok":true,"messages":3,"readings":9,"next":403,"end":true})",
                R"({"ok":true,"messages":1,"readings":1,"next":403,"end":true})"};
    start();

    ctl({"outbox", "purge", "--yes", "--seq", "10-"});
    ctl({"outbox", "purge", "--yes", "--seq", "10-20"});
    const auto later = ctl({"outbox", "purge", "--yes", "--seq", "101-"});
    stop();

    EXPECT_EQ(later.out, "removed 0 messages (0 readings)\n");

    ASSERT_THAT(outbox_requests_, SizeIs(2));
    EXPECT_EQ(outbox_requests_[0].range.from_seq, 10);
    EXPECT_EQ(outbox_requests_[0].range.to_seq, 100);
    EXPECT_EQ(outbox_requests_[1].range.to_seq, 20);
}

TEST_F(FieldlinkctlOutbox, NamesTheGroupToThoseWhoMayNotChange) {
    serve(OperatorRights(::geteuid() + 1, std::nullopt));
    std::filesystem::permissions(folder_, std::filesystem::perms::all);
    std::filesystem::permissions(path_, std::filesystem::perms::all);
    run_loop();

    const auto ended =
        run({kProgram, "--socket", path_, "outbox", "purge", "--yes"}, {}, ::geteuid() == 0 ? kNobody : ::geteuid());
    stop();

    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.err, HasSubstr("members of the group fieldlink-operators"));
    EXPECT_THAT(outbox_requests_, IsEmpty());
}

}  // namespace
}  // namespace fieldlink
