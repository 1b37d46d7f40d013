#include "daemon/ctl/status_view.hpp"

#include <gmock/gmock.h>

#include "daemon/ctl/answers.hpp"
#include "utc.hpp"

namespace fieldlink {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr std::chrono::milliseconds kNow = 1'764'000'000'000ms;

constexpr const char* kAnswer = R"({"ok":true,"status":{
 "gateway":"sensor-42","version":"0.1.0","epoch":"9f1c2e7a","started":1763988480000,
 "uplink":{"state":"connected","since":1763988600000,"last_error":"","attempt":0,"next_attempt":null,
           "peer_id":"sensor-42","connects":1,"in_flight":2},
 "outbox":{"owed_messages":3,"owed_readings":120,"bytes":1258291,"dropped_readings":0,"max_bytes":268435456,
           "file_bytes":2097152},
 "storage":{"state":"ok","last_error":"","gigabytes_a_day":0.314},
 "buses":{"plant":{"driver":"modbus","state":"open","last_error":"","missed_polls":0},
          "rs485":{"driver":"modbus","state":"closed","last_error":"/dev/ttyUSB0: no such device","missed_polls":14}},
 "sensors":{
   "boiler":{"bus":"plant","state":"ok","last_reading":1763999999120,"since":1763988490000,"error":null,"polls":900,
             "missed_polls":0,"values":{"temperature":71.50,"pump":true}},
   "idle-one":{"bus":"plant","state":"idle","last_reading":null,"since":null,"error":null,"polls":0,"missed_polls":0},
   "meter":{"bus":"rs485","state":"failing","last_reading":1763999700000,"since":1763999705000,
            "error":{"code":"timeout","message":"unit 1: no answer in 500 ms"},"polls":31,"missed_polls":14,
            "values":{"power":12}}}}})";

StatusReport report_of(const std::string& answer) {
    return status_in(answer).value();
}

TEST(StatusView, ShowsAtAGlanceWhatFails) {
    const Utc utc;
    EXPECT_EQ(status_text(report_of(kAnswer), kNow, Style::plain, 0),
              R"(sensor-42  fieldlink 0.1.0, running for 3 h 12 min

uplink   connected for 3 h 10 min (since 2025-11-24 12:50:00) as sensor-42, 2 messages in flight
outbox   3 messages owed (120 readings), 1.20 MiB of 256 MiB used, 2.00 MiB on disk, nothing dropped
storage  ok, writes 0.31 GB a day
sensors  1 failing, 1 idle, 1 ok

BUS    DRIVER  STATE   MISSED  LAST ERROR
plant  modbus  open         0
rs485  modbus  closed      14  /dev/ttyUSB0: no such device

SENSOR    BUS    STATE    FOR         LAST READING  MISSED  ERROR OR VALUES
meter     rs485  failing  4 min 55 s  5 min ago         14  timeout: unit 1: no answer in 500 ms
idle-one  plant  idle                 never              0
boiler    plant  ok       3 h 11 min  0 s ago            0  temperature=71.50 pump=true
)");
}

TEST(StatusView, ShowsTheLinkForCommandsAndWhatTheUplinkWaitsFor) {
    const Utc utc;
    const auto report = report_of(
        R"({"status":{"uplink":{"state":"connected","since":1763999940000,"awaiting_receipt":7,"ramping":true,"rate":40.0,
        "commands":{"state":"connecting","phase":"securing","since":1763999999000,"attempt":2}}}})");

    EXPECT_THAT(status_text(report, kNow, Style::plain, 0),
                HasSubstr("uplink   connected for 1 min (since 2025-11-24 15:59:00), 7 messages unconfirmed, "
                          "ramping up (40 frames/s)\n"
                          "commands connecting (securing) for 1 s (since 2025-11-24 15:59:59), attempt 2\n"));
}

TEST(StatusView, SaysWhenTheUplinkTriesAgainAndWhatFailedLast) {
    const Utc utc;
    const auto report =
        report_of(R"({"status":{"uplink":{"state":"waiting","since":1763999999000,"failing_since":1763999940000,
        "attempt":7,"next_attempt":1764000004000,"last_error":"token refused (4001): check uplink.auth","peer_id":"sensor-42"}}})");

    const std::string text = status_text(report, kNow, Style::plain, 0);

    EXPECT_THAT(
        text,
        HasSubstr("uplink   waiting, no connection for 1 min (since 2025-11-24 15:59:00), attempt 7, next in 4 s\n"
                  "         last error: token refused (4001): check uplink.auth\n"));
}

TEST(StatusView, SaysWhyReadingsWereDropped) {
    const auto report = report_of(R"({"status":{"outbox":{"dropped_readings":101,
        "dropped_by_reason":{"disk_error":1,"outbox_full":100}}}})");

    EXPECT_THAT(status_text(report, kNow, Style::plain, 0),
                HasSubstr(", 101 readings dropped\n         dropped: disk_error 1, outbox_full 100\n"));
}

TEST(StatusView, SaysWhatIsOutOfTheOrdinaryAboutTheOutbox) {
    const auto report = report_of(R"({"status":{"outbox":{"replay_owed_messages":12,"memory_messages":1,"thinned":3,
        "salvaging":true}}})");

    EXPECT_THAT(status_text(report, kNow, Style::plain, 0),
                HasSubstr(", nothing dropped\n"
                          "         12 messages of a replay still owed\n"
                          "         1 message in memory only, not on disk\n"
                          "         full: keeps every 8th reading of each sensor\n"
                          "         reading a damaged file: what is whole in it becomes owed\n"
                          "storage  "));
}

TEST(StatusView, SaysByWhichClockItGoesUnlessTheMachinesIsRight) {
    const auto text = [](const std::string& clock) {
        return status_text(report_of(R"({"status":{"clock":)" + clock + "}}"), kNow, Style::plain, 0);
    };

    EXPECT_THAT(text(R"({"state":"synced","offset_ms":0})"), Not(HasSubstr("clock")));
    EXPECT_THAT(
        text(R"({"state":"unsynced","offset_ms":null})"),
        HasSubstr("\nclock    unsynced, the true time is not known: times are those of this machine's clock\n"));
    EXPECT_THAT(text(R"({"state":"service","offset_ms":-999})"), HasSubstr("\nclock    service's time is taken\n"));
    EXPECT_THAT(text(R"({"state":"service","offset_ms":-7325000})"),
                HasSubstr("\nclock    service's time is taken; this machine's clock is 2 h 2 min behind\n"));
    EXPECT_THAT(text(R"({"state":"service","offset_ms":3000})"), HasSubstr("clock is 3 s ahead\n"));
}

TEST(StatusView, SaysWhyStorageIsDegraded) {
    const auto report = report_of(R"({"status":{"storage":{"state":"degraded","last_error":"disk full"}}})");

    EXPECT_THAT(status_text(report, kNow, Style::plain, 0),
                HasSubstr("storage  degraded\n         last error: disk full\n"));
}

TEST(StatusView, CutsValuesToTheWindowAndErrorsNever) {
    const std::string text = status_text(report_of(kAnswer), kNow, Style::plain, 70);

    EXPECT_THAT(text, HasSubstr(" 14  timeout: unit 1: no answer in 500 ms\n"));
    EXPECT_THAT(text, HasSubstr(" 14  /dev/ttyUSB0: no such device\n"));
    EXPECT_THAT(text, HasSubstr("  0  temperatu…\n"));
}

TEST(StatusView, ColoursStatesOnlyWhenAskedTo) {
    const auto report = report_of(kAnswer);

    EXPECT_THAT(status_text(report, kNow, Style::plain, 0), Not(HasSubstr("\x1b")));
    const std::string coloured = status_text(report, kNow, Style::coloured, 0);
    EXPECT_THAT(coloured, HasSubstr("\x1b[32mconnected\x1b[0m"));
    EXPECT_THAT(coloured, HasSubstr("\x1b[33m1 idle\x1b[0m"));
    EXPECT_THAT(coloured, HasSubstr("\x1b[1;31mfailing\x1b[0m  4 min"));
}

TEST(StatusView, ShowsWhatThereIsOfAnythingElse) {
    for (const char* status :
         {"{}",
          R"({"gateway":7,"uplink":[],"outbox":null,"storage":"ok","buses":[1],"sensors":{"a":1,"b":{"values":7}}})",
          R"({"outbox":{"bytes":-1,"max_bytes":1e300,"owed_messages":1.5},"started":-1,"sensors":{"":{"error":"x"}}})",
          R"({"outbox":{"dropped_by_reason":7,"thinned":9223372036854775807},"clock":{"state":7,"offset_ms":"x"}})",
          R"({"clock":{"state":"new","offset_ms":-9223372036854775808}})",
          R"({"started":9223372036854775807,"uplink":{"state":"new","since":9223372036854775807}})"}) {
        const std::string text =
            status_text(report_of(std::string(R"({"ok":true,"status":)") + status + "}"), kNow, Style::plain, 80);
        EXPECT_THAT(text, HasSubstr("\nstorage  ")) << status;
    }
}

TEST(StatusView, LetsNothingFromADeviceControlTheTerminal) {
    const auto report = report_of(R"({"status":{"gateway":"a\u001b]0;x\u0007","uplink":{"last_error":"\u009b2J\nb"},
        "outbox":{"dropped_by_reason":{"g\u001b":1}},"clock":{"state":"\u001b"},
        "buses":{"c\u001b":{"driver":"\u001b","state":"\u001b","last_error":"\u001b"}},
        "sensors":{"d\u001b":{"state":"\u001b","error":{"code":"\u001b","message":"\u001b"},
                              "values":{"e\u001b":"\u001b[31m"},"errors":{"f":{"code":"\u001b"}}}}}})");

    const std::string text = status_text(report, kNow, Style::plain, 0);

    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, Not(HasSubstr("\u009b")));
    EXPECT_THAT(text, HasSubstr("2J b"));
}

TEST(Answers, NameTheRefusal) {
    EXPECT_EQ(refusal_in(R"({"ok":true})"), "");
    EXPECT_EQ(refusal_in(R"({"ok":false,"error":"16 clients"})"), "16 clients");
    EXPECT_THAT(refusal_in(R"({"ok":"yes"})"), HasSubstr("did not say why"));
    EXPECT_THAT(refusal_in("hello"), HasSubstr("no JSON object"));
}

TEST(Answers, HoldTheStatusAsItWasWritten) {
    EXPECT_EQ(status_json_in(R"({"ok":true,"status":{"a": 71.50 }})"), R"({"a": 71.50 })");
}

}  // namespace
}  // namespace fieldlink
