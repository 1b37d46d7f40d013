#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <set>
#include <string>

#include "tests/support/modbus_slave/session.hpp"

namespace fieldlink {

/// Where the slave is reached.
class Line {
public:
    virtual ~Line() = default;

    /// What a client needs to reach it, as JSON members: `"tcp":"127.0.0.1:40123"`.
    virtual std::string where() const = 0;

    /// Cuts whoever is connected; the line can be opened again at once.
    virtual void cut() = 0;
};

/// What every line needs to answer requests.
struct Service {
    boost::asio::io_context& io;
    Slave& slave;
    RecordLog& log;
};

/// A listening socket; HOST:PORT with port 0 for any free one.
class TcpLine : public Line {
public:
    /// Throws std::system_error.
    TcpLine(Service service, const std::string& address);
    std::string where() const override;
    void cut() override;

private:
    void accept();
    void on_accepted(const boost::system::error_code& error, boost::asio::ip::tcp::socket socket);

    Service service_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::set<std::shared_ptr<Session>> sessions_;
};

/// A pseudo terminal of its own, whose other end appears under a name of the caller's choice.
///
/// While nobody has the other end open, reading ours fails at once; it is then tried again every 10 ms.
class PtyLine : public Line {
public:
    /// Throws std::system_error.
    PtyLine(Service service, std::string link);
    ~PtyLine() override;
    PtyLine(const PtyLine&) = delete;
    PtyLine& operator=(const PtyLine&) = delete;
    std::string where() const override;

    /// As if the adapter was pulled out and plugged in again: the name then leads to another device.
    void cut() override;

private:
    void open();
    void listen();
    void on_hang_up();

    Service service_;
    std::string link_;
    int master_ = -1;
    boost::asio::steady_timer retry_;
    std::shared_ptr<Session> session_;
};

/// A serial device that exists already, 8 data bits, 1 stop bit.
class SerialLine : public Line {
public:
    /// Throws std::system_error.
    SerialLine(Service service, std::string path, int baud, char parity);
    std::string where() const override;
    void cut() override {}  // the device is not ours to pull out

private:
    std::string path_;
    std::shared_ptr<Session> session_;
};

}  // namespace fieldlink
