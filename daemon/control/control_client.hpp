#pragma once

#include <boost/asio/local/stream_protocol.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/control/peer.hpp"

namespace fieldlink {

/// One connection to the control socket: lines in, lines out, both bounded. Knows nothing of what the lines say.
///
/// [net thread] only. Shared by its owner and by the socket operations under way, so the owner may let go of it at any
/// time: after close() the host is not called any more.
class ControlClient : public std::enable_shared_from_this<ControlClient> {
public:
    /// A line in, without its end of line. What is longer ends the connection.
    static constexpr std::size_t kMaxLine = 64 * 1024;

    /// So much may wait for a client that does not read; at the next line it is cut off. A single longer line is sent.
    static constexpr std::size_t kMaxWaiting = 256 * 1024;

    class Host {
    public:
        virtual ~Host() = default;

        /// A whole line. It is valid during the call.
        virtual void on_line(ControlClient& client, std::string_view line) = 0;

        /// The client sends a line that is too long. Nothing more is read from it.
        virtual void on_line_too_long(ControlClient& client) = 0;

        /// The connection has ended. Called once, from the loop, and never from inside send().
        virtual void on_closed(ControlClient& client) = 0;
    };

    ControlClient(boost::asio::local::stream_protocol::socket socket, Host& host);

    /// Begins to read.
    void start();

    /// Queues `line`, to which the end of line is added.
    void send(std::string_view line);

    /// Called from inside Host::on_line() for a request whose answer comes later: no further line is read until the
    /// returned function was called, once, on the net thread. It may be called after the client has gone, and after
    /// its owner has.
    std::function<void(std::string)> answer_later();

    /// Who connected.
    Peer peer() { return peer_of(socket_.native_handle()); }

    /// False once the client has left, was cut off or has finished sending: what is sent then is dropped.
    bool listens() const { return state_ == State::open; }

    /// Ends at once, without a call to the host.
    void close();

private:
    enum class State { open, finishing, ended };

    void read();
    void on_read(const boost::system::error_code& ec, std::size_t size);
    void on_answer(const std::string& line);
    void write();
    void on_written(const boost::system::error_code& ec);
    void finish();
    void cut_off();
    void end();
    void tell_host();

    boost::asio::local::stream_protocol::socket socket_;
    Host* host_;  ///< null after close()
    State state_ = State::open;
    bool answer_is_due_ = false;
    std::string received_;
    std::string in_flight_;
    std::string waiting_;
};

}  // namespace fieldlink
