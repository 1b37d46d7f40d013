#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "drivers/driver_plugin.hpp"
#include "drivers/simulated/fault.hpp"
#include "drivers/simulated/wave.hpp"

/// A driver without hardware: points that are computed, sensors that fail on order. Also the model of a driver: the
/// tables of keys, the settings turned into values once, and the calls.
namespace fieldlink {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr double kFar = 1e15;
constexpr double kHour = 3'600'000;

// clang-format off
constexpr fl_key kBusKeys[] = {
    Key::end()};

constexpr fl_key kSensorKeys[] = {
    Key::choice("fail", "timeout refused illegal_address illegal_value device_failure crc disconnected bad_frame out_of_range",
                "the error that failing polls end with; disconnected takes the bus down"),
    Key::integer("fail_every", 1, 1e9, "each N-th poll fails; without it the first ones do"),
    Key::integer("fail_for", 1, 1e9, "how many polls a failure lasts"),
    Key::duration("delay", 0, kHour, "how long a poll takes; longer than the sensor's timeout is a timeout"),
    Key::end()};

constexpr fl_key kPointKeys[] = {
    Key::choice("wave", "constant sine counter random_walk", "how the value changes; default constant"),
    Key::duration("period", 1, 24 * kHour, "of the sine; default 60s"),
    Key::number("amplitude", 0, kFar, "of the sine; how far a random walk strays from its mean; default 1"),
    Key::number("mean", -kFar, kFar, "of the sine and the random walk; default 0"),
    Key::number("step", -kFar, kFar, "of the counter; the largest of the random walk; default 1"),
    Key::number("value", -kFar, kFar, "of the constant; where the counter starts; default 0"),
    Key::integer("seed", 0, 1e15, "of the random walk; the same seed gives the same values; default 1"),
    Key::end()};
// clang-format on

WaveShape shape_of(std::string_view word) {
    if (word == "sine") return WaveShape::sine;
    if (word == "counter") return WaveShape::counter;
    if (word == "random_walk") return WaveShape::random_walk;
    return WaveShape::constant;
}

WaveSettings wave_of(const fl_point_config& point) {
    const Settings settings(point);
    WaveSettings wave;
    wave.shape = shape_of(settings.text("wave"));
    wave.period = settings.duration("period", wave.period);
    wave.amplitude = settings.number("amplitude", wave.amplitude);
    wave.mean = settings.number("mean", wave.mean);
    wave.step = settings.number("step", wave.step);
    wave.value = settings.number("value", wave.value);
    wave.seed = static_cast<std::uint64_t>(settings.integer("seed", 1));
    return wave;
}

FaultSettings fault_of(const fl_sensor_config& sensor) {
    const Settings settings(sensor);
    FaultSettings fault;
    fault.every = static_cast<std::uint64_t>(settings.integer("fail_every", 0));
    fault.length = static_cast<std::uint64_t>(settings.integer("fail_for", 0));
    const bool on_order = settings.has("fail") || fault.every > 0 || fault.length > 0;
    if (on_order) fault.code = fault_code(settings.text("fail", "timeout")).value_or(FL_CODE_DEVICE_FAILURE);
    return fault;
}

struct Sensor {
    explicit Sensor(const fl_sensor_config& config)
        : fault(fault_of(config)),
          delay(Settings(config).duration("delay", milliseconds(0))),
          timeout(config.timeout_ms) {
        for (std::uint32_t i = 0; i < config.point_count; ++i)
            points.emplace_back(wave_of(config.points[i]));
    }
    Fault fault;
    milliseconds delay, timeout;
    std::vector<Wave> points;
};

class Simulated : public BusDriver {
public:
    Simulated(const fl_bus_config& config, Host) {
        for (std::uint32_t i = 0; i < config.sensor_count; ++i)
            sensors_.emplace_back(config.sensors[i]);
    }

    static void check(const fl_bus_config& config, Reporter reporter);

    Outcome open() override;
    Outcome poll(std::uint32_t sensor, Indexes points, fl_value* values) override;
    Outcome write(std::uint32_t sensor, Writes writes) override;

private:
    Outcome fail(const Sensor& sensor) const;

    std::vector<Sensor> sensors_;
    steady_clock::time_point opened_ = steady_clock::now();
};

void Simulated::check(const fl_bus_config& config, Reporter reporter) {
    for (std::uint32_t s = 0; s < config.sensor_count; ++s) {
        const fl_sensor_config& sensor = config.sensors[s];
        const FaultSettings fault = fault_of(sensor);
        if (fault.every > 0 && fault.length >= fault.every)
            reporter.error(at_sensor(s, "fail_for"),
                           "a failure that lasts as long as fail_every never ends; write fewer than " +
                               std::to_string(fault.every) + ", or leave fail_every out");
        for (std::uint32_t p = 0; p < sensor.point_count; ++p) {
            if (sensor.points[p].writable && wave_of(sensor.points[p]).shape != WaveShape::constant)
                reporter.error(at_point(s, p, "wave"), "only a constant keeps what is written; write wave: constant");
        }
    }
}

Outcome Simulated::open() {
    opened_ = steady_clock::now();
    return Outcome::ok();
}

Outcome Simulated::poll(std::uint32_t index, Indexes points, fl_value* values) {
    Sensor& sensor = sensors_[index];
    if (sensor.fault.strikes()) return fail(sensor);
    std::this_thread::sleep_for(std::min(sensor.delay, sensor.timeout));
    if (sensor.delay > sensor.timeout) return Outcome::transient(FL_CODE_TIMEOUT, "simulated: slower than its timeout");

    const auto elapsed = steady_clock::now() - opened_;
    for (std::uint32_t i = 0; i < points.count; ++i)
        values[i] = Value::of(sensor.points[points[i]].next(elapsed));
    return Outcome::ok();
}

Outcome Simulated::fail(const Sensor& sensor) const {
    const std::uint32_t code = sensor.fault.code();
    if (code == FL_CODE_DISCONNECTED) return Outcome::gone(code, "simulated: the bus is gone");
    if (code == FL_CODE_TIMEOUT) std::this_thread::sleep_for(sensor.timeout);
    return Outcome::transient(code, "simulated: failing on order");
}

Outcome Simulated::write(std::uint32_t sensor, Writes writes) {
    for (const fl_write& write : writes) {
        const std::optional<double> number = Value::number(write.value);
        if (!number) return Outcome::rejected(FL_CODE_ILLEGAL_VALUE, "simulated: only numbers can be written");
        sensors_[sensor].points[write.point].set(*number);
    }
    return Outcome::ok();
}

}  // namespace
}  // namespace fieldlink

const fl_driver fieldlink_driver = fieldlink::driver_table<fieldlink::Simulated>(
    "simulated", "1.0", "computed values and faults on order, without hardware", fieldlink::kBusKeys,
    fieldlink::kSensorKeys, fieldlink::kPointKeys);
