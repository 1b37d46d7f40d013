#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "daemon/bus_runner.hpp"
#include "daemon/clock/kernel_clock.hpp"
#include "daemon/clock/true_clock.hpp"
#include "daemon/commands/dispatcher.hpp"
#include "daemon/control/control_server.hpp"
#include "daemon/control_desk.hpp"
#include "daemon/recorder_runner.hpp"
#include "daemon/scrape/metrics_server.hpp"
#include "daemon/status_board.hpp"
#include "daemon/uplink/uplink.hpp"
#include "daemon/watch/file_watch.hpp"
#include "daemon/watch/network_watch.hpp"
#include "drivers/driver_library.hpp"

namespace fieldlink {

/// The composition root: makes every part, joins them by posting from thread to thread, and takes them apart in the
/// order commands, buses, batcher, outbox, uplink.
///
/// [net thread], which is the one that calls run().
class Gateway : private Uplink::Host, private Dispatcher::Host, private GatewayNews {
public:
    /// Opens the outbox and the control socket. Throws if the gateway cannot run at all.
    Gateway(const Config& config, DriverLibrary& drivers);
    ~Gateway();

    /// Runs until SIGTERM or SIGINT. Returns the process's exit status.
    int run();

private:
    // Uplink::Host
    void take(std::size_t max_messages, std::size_t max_bytes, Urgency urgency) override;
    void settle(const std::vector<std::int64_t>& positions) override;
    void give_back(const std::vector<std::int64_t>& positions) override;
    void connection_ended(const std::vector<std::int64_t>& given_back) override;
    void refuse(const std::vector<RefusedMessage>& messages) override;
    void command(std::string_view data, std::string_view from) override;
    void direct(std::string_view data, std::string_view from) override;
    void service_time(std::chrono::milliseconds unix_time) override;
    std::optional<std::chrono::milliseconds> true_offset() override;  // Dispatcher::Host's, too
    CertificateTime certificate_time() override;
    void verified_time(std::chrono::seconds server_time, std::chrono::seconds certificate_ends) override;
    void uplink_changed(const UplinkStatus& status) override;

    // Dispatcher::Host
    void run_on_bus(std::size_t bus, BusCommand command, BusAnswered answered) override;
    void result(std::string json) override;
    void receipt(const Receipt& receipt) override;
    void replay_piece(const Range& range, std::int64_t from, std::function<void(ReplayPiece)> done) override;

    // GatewayNews, from the other threads by post()
    void on_readings(const Readings& readings) override;
    void on_sensor_changed(const SensorChange& change) override;
    void on_bus_changed(const BusChange& change) override;
    void on_committed() override;
    void on_taken(std::vector<StoredMessage> messages) override;
    void on_storage_changed(const StorageStatus& status) override;
    void on_worker_failed(const std::string& worker, const std::string& why) override;

    // gateway_clock.cpp
    void on_kernel_clock(bool synchronised);
    void look_at_clock();
    void on_clock_disagreement(bool begins);
    void on_true_time(const OffsetChange& change);

    void wait_for_signal();
    void on_signal(int signal);
    void say_status();
    void beat();

    void stop();
    void await_buses(std::chrono::steady_clock::time_point deadline);
    void flush_recorder();
    void on_flushed();
    void on_uplink_stopped();
    void finish(bool safe);
    void on_deadline();
    [[noreturn]] void abandon();

    boost::asio::io_context net_{1};
    boost::asio::signal_set signals_;
    boost::asio::steady_timer beat_timer_, stop_timer_, deadline_timer_;
    RecorderRunner recorder_;
    TrueClock true_clock_;
    KernelClock kernel_clock_;
    std::vector<std::unique_ptr<BusRunner>> buses_;
    std::optional<StatusBoard> board_;
    std::optional<Dispatcher> dispatcher_;
    std::optional<ControlDesk> desk_;
    std::optional<ControlServer> control_;
    std::optional<MetricsServer> metrics_;
    std::optional<Uplink> uplink_;
    std::optional<NetworkWatch> network_watch_;
    std::optional<FileWatch> credential_watch_;
    std::chrono::seconds kept_time_;  ///< the latest time that a verified server told
    std::string last_status_;
    bool storage_turned_ = true;  ///< since the last beat
    bool stopping_ = false;
    int exit_status_ = 0;
};

}  // namespace fieldlink
