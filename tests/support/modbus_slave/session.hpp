#pragma once

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>

#include "tests/support/modbus_slave/framer.hpp"
#include "tests/support/modbus_slave/record_log.hpp"
#include "tests/support/modbus_slave/slave.hpp"

namespace fieldlink {

/// One descriptor on which requests come: an accepted connection, or a serial line. Keeps itself alive while it reads.
class Session : public std::enable_shared_from_this<Session> {
public:
    using Ended = std::function<void(const std::shared_ptr<Session>&)>;

    /// `ended` is called once, when the other side has gone or close() was called.
    Session(boost::asio::io_context& io, int descriptor, Framing framing, Slave& slave, RecordLog& log, Ended ended);

    void start() { read(); }
    void close();

private:
    void read();
    void on_read(const boost::system::error_code& error, std::size_t size);
    void serve(const Bytes& frame);
    void send(const Answer& answer);

    boost::asio::io_context& io_;
    boost::asio::posix::stream_descriptor line_;
    Framer framer_;
    Slave& slave_;
    RecordLog& log_;
    Ended ended_;
    std::array<std::uint8_t, 1024> buffer_{};
};

}  // namespace fieldlink
