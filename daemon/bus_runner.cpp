#include "daemon/bus_runner.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "daemon/log.hpp"

namespace fieldlink {
namespace {

constexpr std::size_t kBytesToShow = 1024 * 1024;

void log_change(const SensorChange& change) {
    const log::Fields fields{{"FIELDLINK_SENSOR", change.sensor}};
    if (change.condition == SensorCondition::failing)
        log::warning("sensor " + change.sensor + " fails: " + change.message, fields);
    else if (!change.message.empty())
        log::notice("sensor " + change.sensor + " answers again after " + change.message, fields);
    else
        log::info("sensor " + change.sensor + " answers", fields);
}

void log_change(const BusChange& change) {
    const log::Fields fields{{"FIELDLINK_BUS", change.bus}};
    switch (change.condition) {
        case BusCondition::open:
            return log::info("bus " + change.bus + " is open", fields);
        case BusCondition::closed:
            return log::warning("bus " + change.bus + " is closed and will be opened again: " + change.message, fields);
        case BusCondition::refused:
            break;
    }
    log::error("bus " + change.bus + " is out of use until the configuration is corrected: " + change.message, fields);
}

}  // namespace

BusRunner::BusRunner(const BusConfig& config, const fl_driver& driver, RecorderRunner& recorder,
                     boost::asio::io_context& net, GatewayNews& news)
    : recorder_(recorder),
      net_(net),
      news_(news),
      to_show_(kBytesToShow),
      worker_("bus:" + config.name,
              [this](const std::string& worker, const std::exception& error) {
                  boost::asio::post(
                      net_, [this, worker, why = std::string(error.what())] { news_.on_worker_failed(worker, why); });
              }),
      bus_(worker_.context(), config, driver, *this) {}

void BusRunner::start() {
    worker_.post([this] { bus_.start(); });
    worker_.start();
}

void BusRunner::run(BusCommand command, Answered answered) {
    worker_.post([this, command = std::move(command), answered = std::move(answered)]() mutable {
        boost::asio::post(net_, [answered = std::move(answered), answer = bus_.run(command)] { answered(answer); });
    });
}

void BusRunner::stop() {
    bus_.ask_to_stop();
    worker_.post([this] {
        bus_.stop();
        recorder_.lost(losses_.take());
        worker_.stop();
    });
}

void BusRunner::readings(Readings readings) {
    if (!recorder_.add(readings))
        losses_.add(*readings);
    else if (!losses_.empty())
        recorder_.lost(losses_.take());
    show(readings);
}

/// Only to be looked at: when the net thread does not keep up, it sees the next ones.
void BusRunner::show(const Readings& readings) {
    const std::size_t bytes = memory_of(readings);
    if (!to_show_.take(bytes)) return;
    boost::asio::post(net_, [this, readings, bytes] {
        to_show_.give_back(bytes);
        news_.on_readings(readings);
    });
}

void BusRunner::sensor_changed(const SensorChange& change) {
    log_change(change);
    boost::asio::post(net_, [this, change] { news_.on_sensor_changed(change); });
}

void BusRunner::bus_changed(const BusChange& change) {
    log_change(change);
    boost::asio::post(net_, [this, change] { news_.on_bus_changed(change); });
}

}  // namespace fieldlink
