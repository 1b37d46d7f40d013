#include "config/prediction.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/files.hpp"

namespace fieldlink {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Config config_with(std::vector<milliseconds> periods, const std::string& channel) {
    Config config;
    config.uplink.channels.telemetry = channel;
    config.buses.emplace_back();
    for (const milliseconds period : periods) {
        SensorConfig sensor;
        sensor.every = period;
        sensor.points.resize(1);
        config.buses[0].sensors.push_back(sensor);
    }
    return config;
}

TEST(Prediction, IsOneMessageABatchWhereSensorsShareAChannel) {
    const Prediction prediction = predict(config_with({100ms, 100ms, 10s}, "t"));
    EXPECT_DOUBLE_EQ(prediction.messages_per_second, 1);
    EXPECT_DOUBLE_EQ(prediction.messages_per_month, 2'592'000);
}

TEST(Prediction, IsOneMessageAReadingWhereReadingsAreRarerThanBatches) {
    EXPECT_DOUBLE_EQ(predict(config_with({10s, 20s}, "t")).messages_per_second, 0.15);
}

TEST(Prediction, AddsUpWhereEachSensorHasItsChannel) {
    EXPECT_DOUBLE_EQ(predict(config_with({100ms, 100ms, 10s}, "t/{sensor}")).messages_per_second, 2.1);
}

TEST(Prediction, CountsBatchesThatAreFullBeforeTheyAreOld) {
    Config config = config_with({10ms, 10ms}, "t");
    config.batch.max_readings = 10;
    EXPECT_DOUBLE_EQ(predict(config).messages_per_second, 20);
    config = config_with({10ms}, "t");
    config.batch.max_bytes = 570;  // ten readings of 57 bytes
    EXPECT_DOUBLE_EQ(predict(config).messages_per_second, 10);
}

TEST(Prediction, IsNothingWithoutSensors) {
    EXPECT_EQ(predict(config_with({}, "t")).messages_per_second, 0);
}

TEST(Prediction, WarnsAboveHalfOfTheRate) {
    ConfigText config;
    config.sensors = "sensors:\n  boiler: {bus: plant, unit: 3, every: 100ms, points: {temperature: {input: 0}}}\n";
    config.more = "  rate: {messages: 20}\nbatch: {max_age: 100ms}\n";
    EXPECT_THAT(load_text(config.text()).problems, IsEmpty());
    config.more = "  rate: {messages: 19}\nbatch: {max_age: 100ms}\n";
    EXPECT_THAT(load_text(config.text()).problems,
                ElementsAre(HasSubstr("5:20: warning: uplink.rate.messages: about 10 messages a second")));
}

}  // namespace
}  // namespace fieldlink
