#include "daemon/outbox_tool/outbox_answer.hpp"

#include <gtest/gtest.h>

#include "daemon/json/reader.hpp"
#include "daemon/message/body.hpp"
#include "daemon/outbox_tool/error_answer.hpp"
#include "storage/records.hpp"

namespace fieldlink {
namespace {

constexpr std::nullopt_t kNoOffset = std::nullopt;

using std::chrono::milliseconds;

Entry reading_entry(std::int64_t seq) {
    Entry entry;
    StoredMessage& message = entry.message;
    message.seq = message.position = seq;
    message.gateway = "sensor-42";
    message.epoch = "9f1c2e7a";
    message.channel = "fleet/sensor-42/telemetry";
    message.created = {milliseconds(1'000), milliseconds(1'764'000'000'000)};
    entry.time = message.created.wall;
    message.readings = 1;
    begin_body(message.body, milliseconds(1'000));
    append_record(message.body, milliseconds(0), "boiler", R"("values":{"temperature":71.5})");
    return entry;
}

TEST(OutboxAnswer, ListsMessagesWithoutTheirBodies) {
    Page page{{reading_entry(418), reading_entry(419)}, 420, false};
    page.entries[1].owed = page.entries[1].message.replayed = true;
    page.entries[1].message.kind = Kind::gap;

    EXPECT_EQ(page_answer(page, false, kNoOffset),
              R"({"ok":true,"entries":[)"
              R"({"seq":418,"epoch":"9f1c2e7a","channel":"fleet/sensor-42/telemetry","kind":"readings",)"
              R"("ts":1764000000000,"readings":1,"owed":false,"replayed":false,"damaged":false},)"
              R"({"seq":419,"epoch":"9f1c2e7a","channel":"fleet/sensor-42/telemetry","kind":"gap",)"
              R"("ts":1764000000000,"readings":1,"owed":true,"replayed":true,"damaged":false}],)"
              R"("next":420,"end":false})");
}

TEST(OutboxAnswer, ShowsMessagesAsTheyArePublished) {
    const std::string line = page_answer({{reading_entry(418)}, 419, true}, true, kNoOffset);

    const JsonDocument document(line);
    const JsonValue message = document.root()["entries"].first()["message"];
    EXPECT_EQ(message["messageId"].string(), "sensor-42:9f1c2e7a:418");
    EXPECT_EQ(message["readings"].first()["values"]["temperature"].raw(), "71.5");
    EXPECT_EQ(document.root()["end"].boolean(), true);
}

TEST(OutboxAnswer, StaysJsonWithADamagedMessageInIt) {
    Page page{{reading_entry(418), reading_entry(419)}, 420, true};
    Entry& damaged = page.entries[0];
    damaged.damaged = true;
    damaged.message.kind = Kind::gap;
    damaged.message.body = "\xFF\"}{";
    damaged.message.epoch = "\xFF";

    const std::string line = page_answer(page, true, kNoOffset);

    const JsonDocument document(line);
    ASSERT_TRUE(document.valid()) << document.error() << line;
    const JsonValue first = document.root()["entries"].first();
    EXPECT_EQ(first["damaged"].boolean(), true);
    EXPECT_TRUE(first["message"].is_null());
    EXPECT_TRUE(first.next()["message"].is_object());
}

TEST(OutboxAnswer, SaysThatNothingIsThere) {
    EXPECT_EQ(page_answer({{}, 7, true}, true, kNoOffset), R"({"ok":true,"entries":[],"next":7,"end":true})");
}

TEST(OutboxAnswer, CountsWhatAPieceHasChanged) {
    EXPECT_EQ(progress_answer({412, false, 12, 360}),
              R"({"ok":true,"messages":12,"readings":360,"next":412,"end":false})");
}

TEST(OutboxAnswer, CallsTheStatsAsTheStatusDoes) {
    OutboxStats stats;
    stats.owed_messages = 1;
    stats.owed_readings = 2;
    stats.stored_messages = 3;
    stats.used_bytes = 4;
    stats.file_bytes = 5;
    stats.dropped_readings = 6;
    stats.acked_readings = 7;
    stats.read_readings = 8;
    stats.last_seq = 9;

    stats.dropped_by_reason = {{"corrupt", 2}, {"outbox_full", 4}};

    EXPECT_EQ(
        stats_json(stats, 10),
        R"({"owed_messages":1,"owed_readings":2,"replay_owed_messages":0,"memory_messages":0,"stored_messages":3,)"
        R"("bytes":4,"file_bytes":5,"max_bytes":0,"read_readings":18,"waiting_readings":10,"acked_readings":7,)"
        R"("dropped_readings":6,"quarantined_readings":0,"replayed_readings":0,"salvaged_readings":0,"thinned":0,)"
        R"("last_seq":9,"salvaging":false,"dropped_by_reason":{"corrupt":2,"outbox_full":4}})");
}

TEST(ErrorAnswer, StaysJsonWhateverTheTextIs) {
    EXPECT_EQ(error_answer("a\"\n\xFF"), "{\"ok\":false,\"error\":\"a\\\"\\n\xEF\xBF\xBD\"}");
}

}  // namespace
}  // namespace fieldlink
