#include "daemon/plugin/driver_bus.hpp"

#include <cstring>

#include "daemon/log.hpp"

namespace fieldlink {
namespace {

/// A plugin may forget to end its text.
std::string text_of(const fl_error& error) {
    return {error.message, ::strnlen(error.message, sizeof error.message)};
}

DriverBus::Failure failure(fl_status status, const fl_error& error) {
    if (status == FL_OK) return {};
    // A status that this version does not know is taken as the mildest.
    const fl_status known = status <= FL_GONE ? status : fl_status{FL_TRANSIENT};
    return {known, error.code, text_of(error)};
}

}  // namespace

DriverBus::DriverBus(const fl_driver& driver, const BusConfig& config)
    : driver_(driver), config_(config), settings_(config), host_{sizeof(fl_host), 0, this, &DriverBus::log} {
    fl_error error{};
    if (driver_.create(&settings_.view(), &host_, &bus_, &error) != FL_OK)
        throw std::runtime_error("bus " + config.name + ": driver " + config.driver + ": " + text_of(error));
}

DriverBus::~DriverBus() {
    close();
    driver_.destroy(bus_);
}

DriverBus::Failure DriverBus::open() {
    fl_error error{};
    const fl_status status = driver_.open(bus_, &error);
    open_ = status == FL_OK;
    return failure(status, error);
}

void DriverBus::close() {
    if (open_) driver_.close(bus_);
    open_ = false;
}

DriverBus::Failure DriverBus::poll(std::size_t sensor, const std::vector<std::uint32_t>& points,
                                   std::vector<fl_value>& values) {
    values.assign(points.size(), fl_value{});
    fl_error error{};
    return failure(driver_.poll(bus_, static_cast<std::uint32_t>(sensor), points.data(),
                                static_cast<std::uint32_t>(points.size()), values.data(), &error),
                   error);
}

DriverBus::Failure DriverBus::write(std::size_t sensor, const std::vector<fl_write>& writes) {
    fl_error error{};
    return failure(driver_.write(bus_, static_cast<std::uint32_t>(sensor), writes.data(),
                                 static_cast<std::uint32_t>(writes.size()), &error),
                   error);
}

void DriverBus::log(void* context, std::uint32_t level, const char* text) {
    const auto* self = static_cast<const DriverBus*>(context);
    const auto known = level <= FL_LOG_ERROR     ? log::Level::error
                       : level == FL_LOG_WARNING ? log::Level::warning
                       : level == FL_LOG_DEBUG   ? log::Level::debug
                                                 : log::Level::info;
    log::write(known, "bus " + self->config_.name + ": " + text, {{"FIELDLINK_BUS", self->config_.name}});
}

}  // namespace fieldlink
