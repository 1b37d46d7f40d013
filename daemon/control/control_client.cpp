#include "daemon/control/control_client.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "daemon/log.hpp"

namespace fieldlink {

namespace asio = boost::asio;
using boost::system::error_code;

ControlClient::ControlClient(asio::local::stream_protocol::socket socket, Host& host)
    : socket_(std::move(socket)), host_(&host) {}

void ControlClient::start() {
    read();
}

void ControlClient::send(std::string_view line) {
    if (state_ != State::open) return;
    if (in_flight_.size() + waiting_.size() > kMaxWaiting) return cut_off();
    waiting_.append(line).push_back('\n');
    if (in_flight_.empty()) write();
}

void ControlClient::close() {
    host_ = nullptr;
    end();
}

void ControlClient::read() {
    asio::async_read_until(
        socket_, asio::dynamic_buffer(received_, kMaxLine + 1), '\n',
        [self = shared_from_this()](const error_code& ec, std::size_t size) { self->on_read(ec, size); });
}

void ControlClient::on_read(const error_code& ec, std::size_t size) {
    if (state_ != State::open) return;
    if (ec == asio::error::not_found) {
        host_->on_line_too_long(*this);
        return finish();
    }
    // A line without its end is dropped: its sender may have died in the middle of a command.
    if (ec) return finish();
    host_->on_line(*this, std::string_view(received_).substr(0, size - 1));
    if (state_ != State::open) return;
    received_.erase(0, size);
    if (!answer_is_due_) read();
}

std::function<void(std::string)> ControlClient::answer_later() {
    answer_is_due_ = true;
    // Posted, so that an answer given at once does not read the next line in the middle of this one.
    return [weak = weak_from_this(), executor = socket_.get_executor()](std::string line) {
        asio::post(executor, [weak, line = std::move(line)] {
            if (const auto self = weak.lock()) self->on_answer(line);
        });
    };
}

void ControlClient::on_answer(const std::string& line) {
    answer_is_due_ = false;
    send(line);
    if (state_ == State::open) read();
}

void ControlClient::write() {
    in_flight_.swap(waiting_);
    asio::async_write(socket_, asio::buffer(in_flight_),
                      [self = shared_from_this()](const error_code& ec, std::size_t) { self->on_written(ec); });
}

void ControlClient::on_written(const error_code& ec) {
    if (state_ == State::ended) return;
    in_flight_.clear();
    if (ec) return end();
    if (!waiting_.empty()) return write();
    if (state_ == State::finishing) end();
}

/// Sends what waits, then ends. A client that only wanted an answer may have closed its side already.
void ControlClient::finish() {
    state_ = State::finishing;
    if (in_flight_.empty()) end();
}

void ControlClient::cut_off() {
    log::notice("control socket: cut off process " + std::to_string(peer().process) +
                ", which does not read: more than " + std::to_string(kMaxWaiting / 1024) + " KiB wait for it");
    end();
}

void ControlClient::end() {
    if (state_ == State::ended) return;
    state_ = State::ended;
    error_code ignored;
    socket_.close(ignored);
    if (host_) asio::post(socket_.get_executor(), [self = shared_from_this()] { self->tell_host(); });
}

void ControlClient::tell_host() {
    if (host_) host_->on_closed(*this);
}

}  // namespace fieldlink
