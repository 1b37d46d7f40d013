#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "daemon/clock/certificate_time.hpp"
#include "daemon/message/receipt.hpp"
#include "storage/message.hpp"

namespace fieldlink {

enum class UplinkState { connecting, connected, waiting };

/// What `status` shows of one link. Times are Unix milliseconds, 0 for none.
struct LinkStatus {
    UplinkState state = UplinkState::connecting;
    std::string_view phase;  ///< the state in full: "resolving", "securing", …
    std::int64_t since = 0;
    std::int64_t failing_since = 0;  ///< since when there is no connection although there should be one
    std::string last_error;          ///< what failed last and what to do about it; empty if nothing did
    unsigned attempt = 0;            ///< since the last stable connection
    std::int64_t next_attempt = 0;
    std::string peer_id;
    std::uint64_t connects = 0, unexpected_acks = 0, ignored_frames = 0;
};

/// What `status` shows of the uplink: of the link that publishes, and of what was published.
struct UplinkStatus : LinkStatus {
    std::uint64_t published_frames = 0, acked_messages = 0, in_flight = 0;
    std::uint64_t refused_messages = 0;                        ///< for good, in whole or in part
    std::uint64_t awaiting_receipt = 0, unknown_receipts = 0;  ///< the latter: receipts of what was not sent
    double rate = 0;                                           ///< frames a second that are allowed now
    bool ramping = false;                                      ///< the connection is new and its rate still grows

    /// Of the link that takes the commands, where it is another (`uplink.split`).
    std::optional<LinkStatus> commands;
};

/// The connection to the service: connects, publishes what is owed, and comes back for ever.
///
/// [net thread] only; every Host call is made on that thread, from the loop and never from inside a call into Uplink.
class Uplink {
public:
    /// The few calls the uplink needs from the rest of the daemon; the composition root and tests implement them.
    class Host {
    public:
        virtual ~Host() = default;

        /// Asks for the next owed messages; they come by offer(), possibly none. One request is outstanding at a time.
        virtual void take(std::size_t max_messages, std::size_t max_bytes, Urgency urgency) = 0;

        /// The messages at these positions were acked by the service.
        virtual void settle(const std::vector<std::int64_t>& positions) = 0;

        /// What was refused is due for another try: these messages, offered and not settled, may be taken again. The
        /// uplink gives back exactly what it gives up; whatever else was offered is not offered again.
        virtual void give_back(const std::vector<std::int64_t>& positions) = 0;

        /// The connection ended: these messages may be taken again, and what is appended from now on is live.
        virtual void connection_ended(const std::vector<std::int64_t>& given_back) = 0;

        /// The service refuses these messages for good: they are no longer owed and not offered again. Gap records and
        /// results are never given up: they are offered again.
        virtual void refuse(const std::vector<RefusedMessage>& messages) = 0;

        /// A message on the commands channel. `data` is the JSON text of its data, `from` the sender's peerId.
        virtual void command(std::string_view data, std::string_view from) = 0;

        /// A direct frame, on the connection that takes the commands.
        virtual void direct(std::string_view data, std::string_view from) = 0;

        /// A welcome came just now: the service's clock, for ts and expires. In whole seconds, if it told no better.
        virtual void service_time(std::chrono::milliseconds unix_time) = 0;

        /// Unix time minus boot clock, by which `ts` is computed; absent while the true time is not known.
        virtual std::optional<std::chrono::milliseconds> true_offset() = 0;

        /// By which time a server's certificate is judged.
        virtual CertificateTime certificate_time() = 0;

        /// A server whose certificate is good until `certificate_ends` said what time it is (Unix).
        virtual void verified_time(std::chrono::seconds server_time, std::chrono::seconds certificate_ends) = 0;

        virtual void uplink_changed(const UplinkStatus& status) = 0;
    };

    Uplink(boost::asio::io_context& io, const Config& config, Host& host);
    ~Uplink();
    Uplink(const Uplink&) = delete;
    Uplink& operator=(const Uplink&) = delete;

    void start();

    /// The answer to Host::take().
    void offer(std::vector<StoredMessage> messages);

    /// Something was appended: worth a take() if the window has room.
    void more_is_owed();

    /// The final consumer confirms messages. Ignored unless uplink.confirm says that receipts are awaited.
    void receipt(const Receipt& receipt);

    /// Credentials may have changed: an attempt at once instead of at the end of a long wait.
    void retry_now();

    /// The kernel has a new address, route or link: what failed for the network's sake is tried again soon, and a
    /// connection that may be dead without knowing is looked at.
    void network_changed();

    /// Publishes what is owed for at most `patience`, then closes with 1000. `done` is called once, from the loop, and
    /// may destroy this.
    void stop(std::chrono::milliseconds patience, std::function<void()> done);

    const UplinkStatus& status() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace fieldlink
