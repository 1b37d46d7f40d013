#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/secret.hpp"
#include "tests/config/files.hpp"

namespace fieldlink {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class RightFile : public testing::Test {
protected:
    Loaded load(const std::string& file) {
        Loaded loaded = load_config(file, drivers_);
        for (const Problem& problem : loaded.problems) {
            EXPECT_EQ(problem.severity, Severity::warning) << to_string(problem);
            warnings_.push_back(problem.text);
        }
        EXPECT_TRUE(loaded.config.has_value()) << file;
        return loaded;
    }

    static std::string right(const std::string& name) { return std::string(CONFIG_TEST_FILES "/right/") + name; }

    OutsideService outside_;
    FakeDrivers drivers_;
    std::vector<std::string> warnings_;
};

TEST_F(RightFile, OfTheDesignPassesWithWarningsOnly) {
    const Loaded loaded = load(right("design.yaml"));
    ASSERT_TRUE(loaded.config);
    const Config& config = *loaded.config;

    EXPECT_EQ(config.gateway, "sensor-42");
    const auto& provision = std::get<ProvisionConfig>(config.uplink.auth);
    EXPECT_EQ(provision.url, "https://devices.yourapp.com/api/provision?deviceId=sensor-42");
    EXPECT_EQ(provision.secret.from, SecretRef::From::credential);
    EXPECT_EQ(config.uplink.channels.telemetry, "fleet/sensor-42/telemetry");
    ASSERT_EQ(config.buses.size(), 1u);
    ASSERT_EQ(config.buses[0].sensors.size(), 1u);
    EXPECT_EQ(config.buses[0].sensors[0].points.size(), 4u);
    EXPECT_THAT(drivers_.checked, ElementsAre("plant", "rs485"));
}

TEST_F(RightFile, OfTheDesignWarnsOfWhatIsNotActiveAndOfNothingThatHasItsDefault) {
    load(right("design.yaml"));

    std::vector<std::string> later;
    for (const std::string& warning : warnings_) {
        const std::size_t at = warning.find(": not active yet");
        if (at != std::string::npos) later.push_back(warning.substr(0, at));
    }
    EXPECT_THAT(later, ElementsAre("buses.i2c1.driver", "buses.scale.driver", "sensors.boiler.report.deadband",
                                   "sensors.meter.device", "sensors.outside.bus", "sensors.scale.bus"));
}

TEST_F(RightFile, ThatIsMinimalHasTheDefaultsOfTheManual) {
    const Loaded loaded = load(right("minimal.yaml"));
    ASSERT_TRUE(loaded.config);
    const Config& config = *loaded.config;

    EXPECT_EQ(config.batch.max_age, 1s);
    EXPECT_EQ(config.batch.max_bytes, 48u * 1024);
    EXPECT_EQ(config.outbox.max_size, 256u * 1024 * 1024);
    EXPECT_EQ(config.uplink.reconnect.max_delay, 60s);
    EXPECT_EQ(config.uplink.rate.messages, 80);
    EXPECT_THAT(config.commands.allow, ElementsAre("write", "read", "poll", "replay", "calibrate"));
    EXPECT_EQ(config.control.socket, "/run/fieldlink/control.sock");
    const SensorConfig& boiler = config.buses.at(0).sensors.at(0);
    EXPECT_EQ(boiler.every, 1s);
    EXPECT_EQ(boiler.timeout, 500ms);
    EXPECT_FALSE(boiler.report.deadband);
    EXPECT_EQ(boiler.report.max_silence, 5min);
}

TEST_F(RightFile, WithEveryKeyHasWhatIsWritten) {
    const Loaded loaded = load(right("every_key.yaml"));
    ASSERT_TRUE(loaded.config);
    const Config& config = *loaded.config;

    EXPECT_EQ(config.uplink.url, "ws://127.0.0.1:8080");
    EXPECT_EQ(std::get<ApiKeyAuth>(config.uplink.auth).key.name, "FIELDLINK_KEY");
    EXPECT_EQ(config.uplink.proxy, "http://proxy.plant:3128");
    EXPECT_TRUE(config.uplink.split);
    EXPECT_EQ(config.uplink.channels.telemetry, "plant/sensor-42/{sensor}");
    EXPECT_EQ(config.uplink.reconnect.multiplier, 1.5);
    EXPECT_EQ(config.uplink.rate.burst, 50.5);
    EXPECT_EQ(config.uplink.confirm, Confirm::receipt);
    EXPECT_EQ(config.uplink.receipt_timeout, 90s);
    EXPECT_EQ(config.batch.max_readings, 500u);
    EXPECT_EQ(config.outbox.when_full, WhenFull::thin_evenly);
    EXPECT_EQ(config.outbox.durability, Durability::deferred);
    EXPECT_EQ(config.outbox.order, SendOrder::oldest_first);
    EXPECT_EQ(config.outbox.keep_delivered, 7 * 24h);
    EXPECT_THAT(config.commands.from, ElementsAre("operator-*", "consumer"));
    EXPECT_TRUE(config.commands.direct);
    EXPECT_EQ(config.commands.remember, 24h);
    EXPECT_EQ(config.metrics_listen, "[::1]:9469");
    EXPECT_TRUE(config.buses.at(0).isolate);
}

TEST_F(RightFile, WithEveryKeyHasTheSensorThatIsWritten) {
    const Loaded loaded = load(right("every_key.yaml"));
    ASSERT_TRUE(loaded.config);
    const SensorConfig& boiler = loaded.config->buses.at(0).sensors.at(0);

    EXPECT_EQ(boiler.every, 10s);
    EXPECT_EQ(boiler.timeout, 250ms);
    EXPECT_EQ(boiler.report.deadband, 0.5);
    EXPECT_EQ(boiler.settings.at(0).integer, 3);
    const PointConfig& temperature = boiler.points.at(0);
    EXPECT_EQ(temperature.scale->mantissa, 1);
    EXPECT_EQ(temperature.scale->exponent, -1);
    EXPECT_EQ(temperature.offset->mantissa, -25);
    EXPECT_EQ(temperature.unit, "°C");
    EXPECT_EQ(temperature.every, 1min);
    EXPECT_EQ(temperature.error_value, -32768);
    EXPECT_TRUE(boiler.points.at(1).writable);
    EXPECT_EQ(boiler.points.at(1).min, 5);
}

TEST_F(RightFile, MayLeaveBusesAndSensorsToDropIns) {
    const Loaded loaded = load(right("with_drop_ins/fieldlink.yaml"));
    ASSERT_TRUE(loaded.config);

    ASSERT_EQ(loaded.config->buses.size(), 1u);
    const auto& sensors = loaded.config->buses[0].sensors;
    ASSERT_EQ(sensors.size(), 2u);
    EXPECT_EQ(sensors[0].name, "boiler");
    EXPECT_EQ(sensors[1].name, "pump");
}

TEST_F(RightFile, IsTheExampleThatOperatorsStartFrom) {
    load(CONFIG_EXAMPLE);
}

}  // namespace
}  // namespace fieldlink
