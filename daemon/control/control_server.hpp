#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace fieldlink {

/// The control socket: one JSON object a line in, one a line out.
///
///     {"verb":"status"}  →  {"ok":true,"status":{…}}
///     {"verb":"tail"}    →  {"ok":true}, then {"sensor":…,"ts":…,"values":{…}} for each reading, until the client leaves
///     anything else      →  {"ok":false,"error":"what is wrong, and what to write instead"}
///
/// [net thread] only. At most 16 clients, 64 KiB a line; a client that does not read is cut off. Reading verbs are for
/// whoever may connect (mode 0660, group fieldlink where there is one), changing ones for uid 0 and members of
/// fieldlink-operators by peer credentials.
class ControlServer {
public:
    class Host {
    public:
        virtual ~Host() = default;

        /// `status --json` of the whole daemon: a JSON object.
        virtual std::string status_json() = 0;
    };

    /// Binds at once. Throws std::system_error, whose text names the path, if that is impossible. A socket file that
    /// nobody listens on any more is replaced; one that is in use is an error.
    ControlServer(boost::asio::io_context& io, const std::string& path, Host& host);
    ~ControlServer();
    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;

    /// True while somebody follows readings: else there is no need to render them.
    bool has_followers() const;

    /// One reading as a JSON object, to all followers.
    void publish_reading(std::string_view json);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace fieldlink
