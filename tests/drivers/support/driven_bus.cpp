#include "support/driven_bus.hpp"

#include <numeric>
#include <stdexcept>

namespace fieldlink {
namespace {

void ignore_log(void*, std::uint32_t, const char*) {}

std::string shown_value(const fl_value& value) {
    if (value.error != FL_CODE_NONE) return "error " + std::to_string(value.error);
    switch (value.kind) {
        case FL_VALUE_BOOLEAN:
            return value.as.s64 ? "true" : "false";
        case FL_VALUE_S64:
            return std::to_string(value.as.s64);
        case FL_VALUE_U64:
            return std::to_string(value.as.u64);
        case FL_VALUE_F32:
            return std::to_string(value.as.f32);
        case FL_VALUE_F64:
            return std::to_string(value.as.f64);
        case FL_VALUE_TEXT:
            return std::string(value.as.text, value.text_size);
        default:
            return "none";
    }
}

Called called(fl_status status, const fl_error& error) {
    if (status == FL_OK) return {};
    return {status, error.code, error.message, {}};
}

}  // namespace

const fl_driver& built_driver(const std::string& name) {
    static DriverLibrary library(FIELDLINK_BUILT_DRIVERS);
    return library.load(name);
}

std::vector<std::string> Called::shown() const {
    std::vector<std::string> texts;
    for (const fl_value& value : values)
        texts.push_back(shown_value(value));
    return texts;
}

DrivenBus::DrivenBus(const fl_driver& driver, const BusText& text)
    : driver_(driver), config_(driver, text), host_{sizeof host_, 0, nullptr, ignore_log} {
    fl_error error{};
    if (driver_.create(&config_.bus(), &host_, &bus_, &error) != FL_OK) throw std::runtime_error(error.message);
}

DrivenBus::~DrivenBus() {
    driver_.destroy(bus_);
}

Called DrivenBus::open() {
    fl_error error{};
    return called(driver_.open(bus_, &error), error);
}

Called DrivenBus::poll(std::uint32_t sensor) {
    std::vector<std::uint32_t> points(config_.bus().sensors[sensor].point_count);
    std::iota(points.begin(), points.end(), 0u);
    return poll(sensor, points);
}

Called DrivenBus::poll(std::uint32_t sensor, const std::vector<std::uint32_t>& points) {
    fl_error error{};
    std::vector<fl_value> values(points.size());
    const auto count = static_cast<std::uint32_t>(points.size());
    Called result = called(driver_.poll(bus_, sensor, points.data(), count, values.data(), &error), error);
    if (result.status == FL_OK) result.values = values;
    return result;
}

Called DrivenBus::write(std::uint32_t sensor, const std::vector<fl_write>& writes) {
    fl_error error{};
    const auto count = static_cast<std::uint32_t>(writes.size());
    return called(driver_.write(bus_, sensor, writes.data(), count, &error), error);
}

}  // namespace fieldlink
