#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/control/peer.hpp"
#include "daemon/outbox_tool/outbox_request.hpp"

namespace fieldlink {

/// The control socket: one JSON object a line in, one a line out.
///
///     {"verb":"status"}  →  {"ok":true,"status":{…}}
///     {"verb":"metrics"} →  {"ok":true,"metrics":"OpenMetrics text"}
///     {"verb":"tail"}    →  {"ok":true}, then {"sensor":…,"ts":…,"values":{…}} for each reading, until the client
///     leaves
///     {"verb":"outbox_list"|"outbox_replay"|"outbox_purge",…}  →  a piece of it: daemon/outbox_tool/
///     {"verb":"command","command":{"type":"read",…}}  →  {"ok":true,"result":{"type":"read","status":"done",…}}
///     anything else      →  {"ok":false,"error":"what is wrong, and what to write instead"}
///
/// A client may send any number of requests; they are answered in order. One that closes its sending side gets the
/// answers that are due, and the connection ends.
///
/// [net thread] only. At most 16 clients, 64 KiB a line; a client that does not read is cut off once 256 KiB wait for
/// it. What only reads, the commands read and ping among it, is for whoever may connect (mode 0660, group fieldlink
/// where there is one); outbox_replay, outbox_purge and all other commands are for those whom OperatorRights allow.
class ControlServer {
public:
    class Host {
    public:
        virtual ~Host() = default;

        /// `status --json` of the whole daemon: a JSON object without a line break.
        virtual std::string status_json() = 0;

        /// The same as OpenMetrics text.
        virtual std::string metrics() = 0;

        /// Does a piece of work on the outbox. `answered` is called once with a JSON object without a line break, on
        /// the net thread, now or later; it may be dropped when the daemon ends.
        virtual void outbox(const OutboxRequest& request, std::function<void(std::string)> answered) = 0;

        /// Carries out a command of a person on this machine, with the same limits as one from the cloud. `json` is
        /// the command and valid during the call, `from` names who asks ("local:root"). `answered` is called once with
        /// the JSON object of the result, on the net thread, now or later; it may be dropped when the daemon ends.
        virtual void command(std::string_view json, const std::string& from,
                             std::function<void(std::string)> answered) = 0;
    };

    static constexpr std::size_t kMaxClients = 16;

    /// Binds at once. Throws std::system_error, whose text names the path and the remedy, if that is impossible. A
    /// socket file that nobody listens on any more is replaced; one that is in use, or a file of another kind, is an
    /// error.
    ControlServer(boost::asio::io_context& io, const std::string& path, Host& host,
                  const OperatorRights& rights = OperatorRights::of_this_process());

    /// Ends all connections and removes the socket file. `io` may still be run afterwards.
    ~ControlServer();
    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;

    /// True while somebody follows readings: else there is no need to render them.
    bool has_followers() const;

    /// One reading as a JSON object without a line break, to all followers.
    void publish_reading(std::string_view json);

private:
    class Impl;
    std::shared_ptr<Impl> impl_;  ///< shared with the accept under way, which only looks whether it is still there
};

}  // namespace fieldlink
