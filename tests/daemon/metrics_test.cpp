#include "daemon/metrics.hpp"

#include <boost/asio/io_context.hpp>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

#include <gmock/gmock.h>

namespace fieldlink {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

/// Reads OpenMetrics text line by line and tells the first thing that the specification does not allow.
class Checker {
public:
    /// Empty if nothing is wrong.
    std::string check(const std::string& text) {
        if (text.empty() || text.back() != '\n') return "the last line has no end";
        std::istringstream lines(text);
        for (std::string line; problem_.empty() && std::getline(lines, line);)
            take(line);
        if (problem_.empty() && !ended_) problem_ = "there is no # EOF";
        return problem_;
    }

private:
    void take(const std::string& line) {
        static const std::regex metadata("# (TYPE|UNIT|HELP) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
        std::smatch match;
        if (ended_) return fail(line, "something follows # EOF");
        if (line == "# EOF")
            ended_ = true;
        else if (std::regex_match(line, match, metadata))
            describe(line, match[1], match[2], match[3]);
        else
            sample(line);
    }

    void describe(const std::string& line, const std::string& what, const std::string& name, const std::string& text) {
        static const std::map<std::string, std::string> suffixes{
            {"counter", "_total"}, {"gauge", ""}, {"info", "_info"}, {"stateset", ""}};
        if (name != family_) begin(line, name);
        if (!described_.insert(what).second) return fail(line, "said twice of one family");
        if (sampled_) return fail(line, "metadata after samples");
        if (what == "UNIT" && !ends_in(name, "_" + text)) return fail(line, "the name does not end in the unit");
        if (what != "TYPE") return;
        const auto suffix = suffixes.find(text);
        if (suffix == suffixes.end()) return fail(line, "unknown type");
        if (ends_in(name, "_total") || ends_in(name, "_info")) return fail(line, "reserved suffix in a family's name");
        type_ = text;
        sample_name_ = name + suffix->second;
    }

    void begin(const std::string& line, const std::string& name) {
        if (!families_.insert(name).second) return fail(line, "the family is in two places");
        family_ = name;
        described_.clear();
        type_.clear();
        sampled_ = false;
    }

    void sample(const std::string& line) {
        static const std::regex form(
            R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*"(?:,[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*")*\})? (\d+(?:\.\d+)?))re");
        std::smatch match;
        if (!std::regex_match(line, match, form)) return fail(line, "no sample");
        if (match[1] != sample_name_ || type_.empty()) return fail(line, "belongs to no family that was declared");
        if (!samples_.insert(match[1].str() + match[2].str()).second) return fail(line, "the same sample twice");
        const bool two_valued = type_ == "stateset" || type_ == "info";
        if (two_valued && match[3] != "0" && match[3] != "1") return fail(line, "neither 0 nor 1");
        if (type_ == "stateset" && match[2].str().find(family_ + "=\"") == std::string::npos)
            return fail(line, "a state without its name");
        sampled_ = true;
    }

    static bool ends_in(const std::string& text, const std::string& end) {
        return text.size() > end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
    }

    void fail(const std::string& line, const std::string& why) {
        if (problem_.empty()) problem_ = why + ": " + line;
    }

    std::string problem_, family_, type_, sample_name_;
    std::set<std::string> families_, described_, samples_;
    bool sampled_ = false, ended_ = false;
};

class Metrics : public testing::Test, private Bus::Host {
protected:
    Metrics() {
        config_.name = "plant";
        config_.driver = "modbus";
        for (const char* name : {"boiler", "meter"}) {
            config_.sensors.emplace_back();
            config_.sensors.back().name = name;
        }
        bus_.emplace(io_, config_, driver_, static_cast<Bus::Host&>(*this));
        status_.gateway = "sensor-42";
        status_.started.wall = milliseconds(1'764'000'000'007);
        status_.buses = {&*bus_};
        for (std::size_t i = 0; i < config_.sensors.size(); ++i)
            status_.sensors[config_.sensors[i].name] = SensorStatus{&*bus_, i, {}, {}, {}};
    }

    void readings(Readings) override {}
    void sensor_changed(const SensorChange&) override {}
    void bus_changed(const BusChange&) override {}

    boost::asio::io_context io_;
    BusConfig config_;
    fl_driver driver_{};
    std::optional<Bus> bus_;
    GatewayStatus status_;
};

TEST_F(Metrics, AreValidOpenMetrics) {
    EXPECT_EQ(Checker().check(open_metrics(status_)), "");
    EXPECT_EQ(Checker().check(open_metrics(GatewayStatus())), "");
}

TEST_F(Metrics, TellOfUplinkOutboxAndReadings) {
    status_.uplink.state = UplinkState::connected;
    status_.uplink.connects = 3;
    status_.uplink.awaiting_receipt = 5;
    status_.uplink.commands.emplace();
    status_.uplink.commands->connects = 2;
    status_.storage.outbox.owed_messages = 12;
    status_.storage.outbox.owed_readings = 340;
    status_.storage.outbox.used_bytes = 4'096;
    status_.storage.outbox.file_bytes = 8'192;
    status_.storage.outbox.max_bytes = 268'435'456;
    status_.storage.outbox.read_readings = 1'000;
    status_.storage.outbox.acked_readings = 650;
    status_.storage.outbox.dropped_by_reason = {{"corrupt", 3}, {"outbox_full", 7}};
    status_.storage.degraded = "disk full";

    const std::string text = open_metrics(status_);

    EXPECT_EQ(Checker().check(text), "");
    for (const char* line :
         {"fieldlink_build_info{version=\"" FIELDLINK_VERSION "\",gateway=\"sensor-42\"} 1\n",
          "\nfieldlink_start_time_seconds 1764000000.007\n", "\nfieldlink_uplink_connected 1\n",
          "\nfieldlink_uplink_connects_total 3\n", "\nfieldlink_uplink_awaiting_receipt_messages 5\n",
          "\nfieldlink_uplink_commands_connected 0\n", "\nfieldlink_uplink_commands_connects_total 2\n",
          "\nfieldlink_outbox_owed_messages 12\n", "\nfieldlink_outbox_owed_readings 340\n",
          "\nfieldlink_outbox_used_bytes 4096\n", "\nfieldlink_outbox_file_bytes 8192\n",
          "\nfieldlink_outbox_max_bytes 268435456\n", "\nfieldlink_readings_total{fate=\"read\"} 1000\n",
          "\nfieldlink_readings_total{fate=\"acked\"} 650\n",
          "\nfieldlink_dropped_readings_total{reason=\"corrupt\"} 3\n",
          "\nfieldlink_dropped_readings_total{reason=\"outbox_full\"} 7\n", "\nfieldlink_storage_degraded 1\n"})
        EXPECT_THAT(text, HasSubstr(line));
}

TEST_F(Metrics, TellOfSensorsAndBuses) {
    status_.sensors["boiler"].change.condition = SensorCondition::failing;
    status_.sensors["meter"].last_reading.wall = milliseconds(1'764'000'001'120);
    status_.bus_changes["plant"] = {"plant", BusCondition::open, ""};

    const std::string text = open_metrics(status_);

    EXPECT_EQ(Checker().check(text), "");
    for (const char* line : {"\nfieldlink_sensor_state{sensor=\"boiler\",fieldlink_sensor_state=\"failing\"} 1\n",
                             "\nfieldlink_sensor_state{sensor=\"boiler\",fieldlink_sensor_state=\"ok\"} 0\n",
                             "\nfieldlink_sensor_state{sensor=\"meter\",fieldlink_sensor_state=\"idle\"} 1\n",
                             "\nfieldlink_sensor_last_reading_timestamp_seconds{sensor=\"meter\"} 1764000001.120\n",
                             "\nfieldlink_sensor_polls_total{sensor=\"boiler\",bus=\"plant\"} 0\n",
                             "\nfieldlink_sensor_failed_polls_total{sensor=\"boiler\",bus=\"plant\"} 0\n",
                             "\nfieldlink_sensor_missed_polls_total{sensor=\"boiler\",bus=\"plant\"} 0\n",
                             "\nfieldlink_bus_open{bus=\"plant\",driver=\"modbus\"} 1\n",
                             "\nfieldlink_bus_busy_seconds{bus=\"plant\"} 0.000\n"})
        EXPECT_THAT(text, HasSubstr(line));
}

TEST_F(Metrics, EscapeWhatStandsInALabel) {
    status_.gateway = "a\"b\\c\nd";

    const std::string text = open_metrics(status_);

    EXPECT_THAT(text, HasSubstr(R"(gateway="a\"b\\c\nd"})"));
    EXPECT_EQ(Checker().check(text), "");
}

TEST(MetricsChecker, FindsWhatIsWrong) {
    const std::string good = "# TYPE a counter\n# HELP a b.\na_total 1\n";
    EXPECT_EQ(Checker().check(good + "# EOF\n"), "");
    for (const std::string& bad :
         {good, good + "# EOF", good + "# EOF\n# EOF\n", good + "a_total 1\n# EOF\n", good + good + "# EOF\n",
          std::string("# TYPE a counter\na 1\n# EOF\n"), std::string("a_total 1\n# EOF\n"),
          std::string("# TYPE a gauge\na{b=\"c\"d\"} 1\n# EOF\n"),
          std::string("# TYPE a gauge\n# UNIT a bytes\n# EOF\n"), good + "# HELP a more\n# EOF\n", good + "\n# EOF\n"})
        EXPECT_NE(Checker().check(bad), "") << bad;
}

}  // namespace
}  // namespace fieldlink
