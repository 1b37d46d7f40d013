#include <stdexcept>

#include "drivers/driver_plugin.hpp"

/// A driver that throws wherever it can.
namespace fieldlink {
namespace {

constexpr fl_key kBusKeys[] = {Key::boolean("throw_in_create", "what it says"), Key::end()};
constexpr fl_key kNoKeys[] = {Key::end()};

class Throwing : public BusDriver {
public:
    Throwing(const fl_bus_config& config, Host) {
        if (Settings(config).boolean("throw_in_create", false)) throw std::runtime_error("create");
    }
    static void check(const fl_bus_config&, Reporter) { throw std::runtime_error("check"); }
    Outcome open() override { throw std::runtime_error("open"); }
    void close() override { throw std::runtime_error("close"); }
    Outcome poll(std::uint32_t, Indexes, fl_value*) override { throw 7; }
    Outcome write(std::uint32_t, Writes) override { throw std::runtime_error(std::string(1'000, 'x')); }
};

}  // namespace
}  // namespace fieldlink

const fl_driver fieldlink_driver = fieldlink::driver_table<fieldlink::Throwing>(
    "throwing", "1.0", "throws", fieldlink::kBusKeys, fieldlink::kNoKeys, fieldlink::kNoKeys);
