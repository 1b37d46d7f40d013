#include "tests/support/modbus_slave/session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace fieldlink {

using boost::system::error_code;

Session::Session(boost::asio::io_context& io, int descriptor, Framing framing, Slave& slave, RecordLog& log,
                 Ended ended)
    : io_(io), line_(io, descriptor), framer_(framing), slave_(slave), log_(log), ended_(std::move(ended)) {}

void Session::close() {
    error_code ignored;
    line_.close(ignored);
}

void Session::read() {
    line_.async_read_some(
        boost::asio::buffer(buffer_),
        [self = shared_from_this()](error_code error, std::size_t size) { self->on_read(error, size); });
}

void Session::on_read(const error_code& error, std::size_t size) {
    if (error) {
        ended_(shared_from_this());
        return;
    }
    framer_.feed(buffer_.data(), size, std::chrono::steady_clock::now());
    while (const auto frame = framer_.next())
        serve(*frame);
    log_.flush();
    read();
}

void Session::serve(const Bytes& frame) {
    const Answer answer = slave_.handle(frame);
    if (answer.delay.count() == 0) {
        send(answer);
        return;
    }
    auto timer = std::make_shared<boost::asio::steady_timer>(io_, answer.delay);
    timer->async_wait([self = shared_from_this(), timer, answer](error_code) { self->send(answer); });
}

void Session::send(const Answer& answer) {
    if (!line_.is_open()) return;
    if (answer.served) log_.write(*answer.served);
    log_.flush();
    if (answer.bytes.empty()) return;
    error_code ignored;  // a peer that has gone ends the session through the read
    boost::asio::write(line_, boost::asio::buffer(answer.bytes), ignored);
}

}  // namespace fieldlink
