#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "config/config.hpp"
#include "daemon/message/reading.hpp"
#include "daemon/plugin/driver_bus.hpp"
#include "daemon/polling/bus_command.hpp"
#include "daemon/polling/schedule.hpp"
#include "daemon/polling/sensor_reader.hpp"
#include "daemon/polling/sensor_state.hpp"

namespace fieldlink {

/// A change in the condition of a sensor, for status and log.
struct SensorChange {
    std::string sensor;
    SensorCondition condition = SensorCondition::idle;
    Stamp since;
    std::uint32_t code = FL_CODE_NONE;
    std::string message;  ///< why it fails
};

enum class BusCondition { closed, open, refused };  ///< refused: by its driver, until the configuration is corrected

/// A change in the condition of a bus.
struct BusChange {
    std::string bus;
    BusCondition condition = BusCondition::closed;
    std::string message;  ///< why it is not open
};

/// Polls the sensors of one bus by their schedule and runs commands between two polls.
///
/// [bus thread] only, except counters() and busy_for(). The driver may block this thread, and nothing else, for as long
/// as a transaction's timeout; a driver that blocks longer is seen by busy_for().
class Bus {
public:
    using Clock = std::chrono::steady_clock;

    /// What a bus needs from the daemon. All calls come on the bus thread.
    class Host {
    public:
        virtual ~Host() = default;
        virtual void readings(Readings readings) = 0;
        virtual void sensor_changed(const SensorChange& change) = 0;
        virtual void bus_changed(const BusChange& change) = 0;
    };

    /// Written on the bus thread, read on any.
    struct Counters {
        std::atomic<std::uint64_t> polls{0};   ///< that were answered
        std::atomic<std::uint64_t> failed{0};  ///< that were not
        std::atomic<std::uint64_t> missed{0};  ///< that fell due while the bus was busy
    };

    Bus(boost::asio::io_context& io, const BusConfig& config, const fl_driver& driver, Host& host);

    /// Opens the bus and begins to poll. A bus whose driver refuses the configuration is reported and does nothing
    /// more.
    void start();

    /// Any thread: from now on no poll and no command begins.
    void ask_to_stop() { stopping_ = true; }

    /// Hands over what was read, closes the bus and plans nothing more.
    void stop();

    /// Runs a command now, that is between two polls.
    BusAnswer run(const BusCommand& command);

    /// Of one sensor of the configuration. Any thread.
    const Counters& counters(std::size_t sensor) const { return counters_[sensor]; }

    /// For how long the driver has been in its present call; zero between calls. Any thread.
    std::chrono::milliseconds busy_for() const;

    const BusConfig& config() const { return config_; }

private:
    struct Sensor {
        SensorReader reader;
        SensorState state;
    };
    class Call;

    void poll_due();
    DriverBus::Failure poll(std::size_t index);
    bool ensure_open();
    void note_works();
    void tell(BusCondition condition, const std::string& why);
    void close(const std::string& why);
    void answered(std::size_t index, Stamp taken);
    void failed(std::size_t index, Stamp taken, std::uint32_t code, const std::string& message);
    void keep(std::size_t index, Stamp taken, std::string members);
    void hand_over();
    void plan_next();
    BusAnswer read(const BusCommand& command);
    BusAnswer poll(const BusCommand& command);

    boost::asio::io_context& io_;
    boost::asio::steady_timer timer_;
    const BusConfig& config_;
    const fl_driver& driver_;
    Host& host_;
    std::optional<DriverBus> device_;
    std::optional<Schedule> schedule_;
    std::vector<Sensor> sensors_;
    std::vector<Counters> counters_;
    std::vector<fl_value> values_;    ///< of the poll that runs now, kept to be reused
    std::vector<Reading> collected_;  ///< read but not handed over yet
    Clock::time_point collecting_since_;
    std::string why_closed_;
    Clock::time_point next_open_;
    std::chrono::milliseconds open_delay_{0};
    std::optional<BusCondition> told_;
    std::atomic<Clock::rep> busy_since_{0};
    std::atomic<bool> stopping_{false};
};

}  // namespace fieldlink
