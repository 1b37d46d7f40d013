#include "config/prediction.hpp"

#include <algorithm>
#include <chrono>
#include <ratio>

namespace fieldlink {
namespace {

using Seconds = std::chrono::duration<double>;
using Month = std::chrono::duration<double, std::ratio<30 * 24 * 3'600>>;

/// What goes to one channel.
struct Flow {
    double readings = 0;  ///< a second
    double bytes = 0;     ///< a second

    Flow& operator+=(const Flow& other) {
        readings += other.readings;
        bytes += other.bytes;
        return *this;
    }
};

/// The JSON of one reading: {"sensor":"","ts":1763999999120,"values":{}}, and "":12345.67, for each point.
double bytes_of_reading(const SensorConfig& sensor) {
    constexpr double kFrame = 45, kPoint = 12;
    double bytes = kFrame + static_cast<double>(sensor.name.size());
    for (const PointConfig& point : sensor.points)
        bytes += kPoint + static_cast<double>(point.name.size());
    return bytes;
}

Flow flow_of(const SensorConfig& sensor) {
    const double per_second = 1 / Seconds(sensor.every).count();
    return {per_second, per_second * bytes_of_reading(sensor)};
}

double messages_per_second(const Flow& flow, const BatchConfig& batch) {
    const double by_age = std::min(flow.readings, 1 / Seconds(batch.max_age).count());
    const double by_count = flow.readings / batch.max_readings;
    const double by_bytes = std::min(flow.readings, flow.bytes / static_cast<double>(batch.max_bytes));
    return std::max({by_age, by_count, by_bytes});
}

}  // namespace

Prediction predict(const Config& config) {
    const bool channel_per_sensor = config.uplink.channels.telemetry.find("{sensor}") != std::string::npos;
    Prediction prediction;
    Flow shared;
    for (const BusConfig& bus : config.buses) {
        for (const SensorConfig& sensor : bus.sensors) {
            const Flow flow = flow_of(sensor);
            shared += flow;
            if (channel_per_sensor) prediction.messages_per_second += messages_per_second(flow, config.batch);
        }
    }
    if (!channel_per_sensor) prediction.messages_per_second = messages_per_second(shared, config.batch);
    prediction.messages_per_month = prediction.messages_per_second * Seconds(Month(1)).count();
    return prediction;
}

}  // namespace fieldlink
