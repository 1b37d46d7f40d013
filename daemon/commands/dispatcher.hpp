#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "daemon/commands/command_rate.hpp"
#include "daemon/commands/order.hpp"
#include "daemon/commands/receipt_desk.hpp"
#include "daemon/commands/replay_desk.hpp"
#include "daemon/commands/result.hpp"
#include "daemon/commands/sensor_directory.hpp"
#include "daemon/polling/bus_command.hpp"
#include "storage/message.hpp"

namespace fieldlink {

using BusAnswered = std::function<void(const BusAnswer&)>;

/// Takes what arrives on the commands channel to a bus and its answer to the results channel: each command ends with
/// exactly one result, `failed` if its bus does not come back within the deadline. Commands of a person on this machine
/// go the same way, but for who may give which: that is judged where they come in. Each has one line in the journal.
///
/// While the true time is not known, a command with `expires` is rejected: by the clock of a gateway that believes it
/// is 1970 nothing ever expires, and what is too late must not touch a device.
///
/// [net thread] only.
class Dispatcher {
public:
    class Host : public ReplayDesk::Host {
    public:
        /// Runs the command on that bus (an index of the configuration). `answered` is called on the net thread.
        virtual void run_on_bus(std::size_t bus, BusCommand command, BusAnswered answered) = 0;

        /// A result for the results channel.
        virtual void result(std::string json) = 0;

        /// The final consumer confirms messages.
        virtual void receipt(const Receipt& receipt) = 0;

        /// Unix time minus boot clock, by which `expires` is judged; absent while the true time is not known.
        virtual std::optional<std::chrono::milliseconds> true_offset() = 0;
    };

    Dispatcher(boost::asio::io_context& io, const Config& config, Host& host);

    /// One message of the commands channel: the JSON text of its data, and the sender's peerId.
    void handle(std::string_view data, std::string_view from);

    /// A direct frame of the service's. It counts as if it had come on the channel where commands.direct allows it, and
    /// commands.from names the sender; else it is counted and dropped.
    void handle_direct(std::string_view data, std::string_view from);

    /// The JSON text of a command of a person on this machine, who waits for the JSON of its result. It has a rate of
    /// its own, so that neither side can keep the other one out.
    void handle_local(std::string_view json, Origin person);

    /// Whether the outbox has room for more results. Without it, commands are dropped and counted: none is carried out
    /// whose sender could not be told.
    void set_room_for_results(bool has_room);

    /// Refuses whatever comes from now on.
    void stop() { stopping_ = true; }

    /// Ends every command whose bus has not answered yet with the result that its outcome is unknown.
    void give_up_all();

    /// Messages on the channel that were no command at all.
    std::uint64_t ignored() const { return ignored_; }

    /// Direct frames that were not to be taken.
    std::uint64_t ignored_direct() const { return ignored_direct_; }

    const ReceiptDesk& receipts() const { return receipts_; }

private:
    struct Pending {
        Order order;
        std::size_t bus;
        std::unique_ptr<boost::asio::steady_timer> deadline;  ///< absent: the sender has been told already
    };

    bool within_rate();
    void await_end_of_flood();
    void on_flood_check();
    void dispatch(const Order& order);
    std::string refusal(const Order& order);
    std::string remote_refusal(const Order& order) const;
    std::optional<Addressed> address(const Command& command, std::string& why_not) const;
    void run(const Order& order, Addressed addressed);
    void await(std::uint64_t ticket, const Order& order, std::size_t bus);
    void on_answer(std::uint64_t ticket, const BusAnswer& answer);
    void on_deadline(std::uint64_t ticket);
    void give_up(Pending& pending, const std::string& why);
    void finish(const Order& order, ResultStatus status, const std::string& message = {});
    void finish(const Order& order, const BusAnswer& answer);
    void replay(const Order& order);
    void on_replayed(const Order& order, const ReplayDesk::Ending& ending);
    void tell(const Origin& origin, std::string result);

    std::optional<std::chrono::milliseconds> expiry(const Command& command);
    std::size_t pending_on(std::size_t bus) const;

    boost::asio::io_context& io_;
    const CommandsConfig& config_;
    Host& host_;
    SensorDirectory directory_;
    boost::asio::steady_timer flood_timer_;
    CommandRate rate_, local_rate_;
    ReceiptDesk receipts_;
    ReplayDesk replays_;
    std::map<std::uint64_t, Pending> pending_;
    std::uint64_t next_ticket_ = 1;
    std::uint64_t ignored_ = 0, ignored_direct_ = 0;
    std::uint64_t flood_refused_ = 0;
    std::uint64_t dropped_for_room_ = 0;
    bool has_room_for_results_ = true;
    bool flooded_ = false;
    bool stopping_ = false;
};

}  // namespace fieldlink
