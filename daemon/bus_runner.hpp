#pragma once

#include <functional>

#include "daemon/gateway_news.hpp"
#include "daemon/loss_ledger.hpp"
#include "daemon/polling/bus.hpp"
#include "daemon/recorder_runner.hpp"
#include "daemon/worker.hpp"

namespace fieldlink {

/// The thread of one bus: a Bus on a worker of its own. Readings go to the recorder and, to be shown, to the net
/// thread. [net thread]
class BusRunner : private Bus::Host {
public:
    using Answered = std::function<void(const BusAnswer&)>;

    BusRunner(const BusConfig& config, const fl_driver& driver, RecorderRunner& recorder, boost::asio::io_context& net,
              GatewayNews& news);

    /// The bus ends after its thread. Waits for a driver that does not come back: see has_ended().
    ~BusRunner() { worker_.join(); }

    void start();

    /// Runs the command between two polls and posts the answer to the net thread.
    void run(BusCommand command, Answered answered);

    /// Asks the bus to end after its present call.
    void stop();

    /// True once the thread has ended; never if the driver does not come back.
    bool has_ended() { return worker_.has_ended(); }

    const Bus& bus() const { return bus_; }

private:
    void readings(Readings readings) override;
    void sensor_changed(const SensorChange& change) override;
    void bus_changed(const BusChange& change) override;

    void show(const Readings& readings);

    RecorderRunner& recorder_;
    boost::asio::io_context& net_;
    GatewayNews& news_;
    LossLedger losses_;    ///< [bus thread] of readings that the recorder had no room for
    InboxBudget to_show_;  ///< bounds what is under way to the net thread
    Worker worker_;
    Bus bus_;
};

}  // namespace fieldlink
