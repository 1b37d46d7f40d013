#include <cstdlib>

#include "drivers/driver_plugin.hpp"
using namespace fieldlink;

namespace {
constexpr fl_key kNoKeys[] = {Key::end()};
constexpr fl_key kPointKeys[] = {Key::integer("sides", 2, 100, "sides of the die"), Key::end()};

class Dice : public BusDriver {
public:
    Dice(const fl_bus_config& config, Host) : config_(config) {}
    static void check(const fl_bus_config&, Reporter) {}  // the host has checked the range of `sides`

    Outcome poll(std::uint32_t sensor, Indexes points, fl_value* values) override {
        for (std::uint32_t i = 0; i < points.count; ++i)
            values[i] = Value::of(std::int64_t{1} + std::rand() % sides(sensor, points[i]));
        return Outcome::ok();
    }

private:
    std::int64_t sides(std::uint32_t sensor, std::uint32_t point) const {
        return Settings(config_.sensors[sensor].points[point]).integer("sides", 6);
    }
    const fl_bus_config& config_;
};
}  // namespace

const fl_driver fieldlink_driver = driver_table<Dice>("dice", "1.0", "throws dice", kNoKeys, kNoKeys, kPointKeys);
