#include "daemon/outbox_tool/outbox_request.hpp"

#include <utility>
#include <vector>

#include <gmock/gmock.h>

namespace fieldlink {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

TEST(OutboxRequest, ReadsEverythingThatItWrites) {
    OutboxRequest request;
    request.verb = OutboxVerb::list;
    request.range.from_seq = 400;
    request.range.to_seq = 412;
    request.range.epoch = "9f1c\"2e";
    request.range.since = milliseconds(1'764'000'000'000);
    request.range.until = milliseconds(1'764'000'000'001);
    request.from = 407;
    request.max_messages = 7;
    request.bodies = true;

    const auto read = parse_outbox_request(to_json(request));

    EXPECT_EQ(read.problem, "");
    EXPECT_EQ(read.request.range.from_seq, 400);
    EXPECT_EQ(read.request.range.to_seq, 412);
    EXPECT_EQ(read.request.range.epoch, "9f1c\"2e");
    EXPECT_EQ(read.request.range.since, milliseconds(1'764'000'000'000));
    EXPECT_EQ(read.request.range.until, milliseconds(1'764'000'000'001));
    EXPECT_EQ(read.request.from, 407);
    EXPECT_EQ(read.request.max_messages, 7u);
    EXPECT_TRUE(read.request.bodies);
}

TEST(OutboxRequest, KeepsWhetherOwedMessagesArePurged) {
    OutboxRequest request;
    request.verb = OutboxVerb::purge;
    for (const bool owed_too : {false, true}) {
        request.owed_too = owed_too;
        const auto read = parse_outbox_request(to_json(request));
        EXPECT_EQ(read.problem, "");
        EXPECT_EQ(read.request.verb, OutboxVerb::purge);
        EXPECT_EQ(read.request.owed_too, owed_too);
    }
}

TEST(OutboxRequest, RestrictsNothingByWhatIsLeftOut) {
    const auto read = parse_outbox_request(R"({"verb":"outbox_replay"})");

    EXPECT_EQ(read.problem, "");
    EXPECT_EQ(read.request.verb, OutboxVerb::replay);
    EXPECT_EQ(read.request.range.from_seq, 0);
    EXPECT_EQ(read.request.range.to_seq, Range().to_seq);
    EXPECT_FALSE(read.request.range.epoch || read.request.range.since || read.request.range.until);
    EXPECT_FALSE(read.request.owed_too);
}

TEST(OutboxRequest, KnowsWhatNeedsAnOperator) {
    EXPECT_FALSE(changes_outbox(OutboxVerb::list));
    EXPECT_TRUE(changes_outbox(OutboxVerb::replay));
    EXPECT_TRUE(changes_outbox(OutboxVerb::purge));
}

TEST(OutboxRequest, RefusesWhatItDoesNotUnderstand) {
    const std::vector<std::pair<std::string, std::string>> lines{
        {R"({"verb":"outbox_purge","range":{"form_seq":1}})",
         "\"form_seq\" is not known in a range; there are: from_seq"},
        {R"({"verb":"outbox_purge","rnage":{}})",
         "\"rnage\" is not known here; there are: verb, range, from, owed_too"},
        {R"({"verb":"outbox_replay","owed_too":true})", "\"owed_too\" is not known here"},
        {R"({"verb":"outbox_purge","owed_too":1})", "\"owed_too\" must be true or false"},
        {R"({"verb":"outbox_purge","range":[]})", "\"range\" must be an object"},
        {R"({"verb":"outbox_purge","range":{"from_seq":"1"}})", "\"from_seq\" must be a whole number"},
        {R"({"verb":"outbox_purge","range":{"to_seq":-1}})", "\"to_seq\" must be a whole number"},
        {R"({"verb":"outbox_purge","range":{"from_seq":5,"to_seq":4}})", "from_seq is above to_seq"},
        {R"({"verb":"outbox_purge","range":{"since":5,"until":4}})", "since is after until"},
        {R"({"verb":"outbox_purge","range":{"since":"2h"}})", "\"since\" must be Unix time in milliseconds"},
        {R"({"verb":"outbox_purge","range":{"epoch":7}})", "\"epoch\" must be a string"},
        {R"({"verb":"outbox_list","max_messages":0})", "\"max_messages\" must be 1 to 256"},
        {R"({"verb":"outbox_list","max_messages":257})", "\"max_messages\" must be 1 to 256"},
        {R"({"verb":"outbox_list","from":1.5})", "\"from\" must be a whole number"},
        {R"({"verb":"outbox_empty"})", "there are: outbox_list, outbox_replay, outbox_purge"},
        {"[]", "there are: outbox_list"},
    };
    for (const auto& [line, what] : lines)
        EXPECT_THAT(parse_outbox_request(line).problem, HasSubstr(what)) << line;
}

}  // namespace
}  // namespace fieldlink
