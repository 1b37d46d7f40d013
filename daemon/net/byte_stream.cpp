#include "daemon/net/byte_stream.hpp"

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "daemon/net/curl_transfer.hpp"
#include "daemon/net/socket_options.hpp"

namespace fieldlink {
namespace {

using boost::asio::posix::stream_descriptor;
using boost::system::error_code;

constexpr std::size_t kChunk = 64 * 1024;             // a turn's worth, each way
constexpr std::size_t kMostUnsent = 4 * 1024 * 1024;  // for a peer that asks, by pings for example, and does not read
constexpr std::size_t kMostKept = 256 * 1024;         // of memory, for the next time

}  // namespace

/// libcurl connects; then its CONNECT_ONLY leaves the connection to us, and we wait for its socket ourselves. The easy
/// handle stays in its loop: taken out, it would lose the connection.
class ByteStream::Impl {
public:
    Impl(boost::asio::io_context& io, const std::string& origin, const Route& route, LastAddress& last,
         Listener& listener);
    ~Impl() {
        if (socket_.is_open()) socket_.release();
    }

    void write(std::string_view bytes);
    void flush();
    std::size_t unsent_bytes() const;
    std::optional<std::chrono::seconds> certificate_ends() const {
        return connected_ ? transfer_.trust().certificate_ends() : std::nullopt;
    }

private:
    void report(CURLcode code);
    void wait_to_read();
    void read();
    void go_on_reading();
    void write_later();
    void wait_to_write();
    void forget_sent();
    void fail(CURLcode code);
    std::size_t waiting() const { return out_.size() - sent_; }

    Listener& listener_;
    CurlTransfer transfer_;
    stream_descriptor socket_;
    int fd_ = -1;
    bool connected_ = false;
    std::string out_;
    std::size_t sent_ = 0;  ///< of out_
    bool flushes_soon_ = false, waits_to_write_ = false, pauses_reading_ = false;
    CURLcode failure_ = CURLE_OK;  ///< of sending
    std::array<char, kChunk> in_;
    Postbox postbox_;
};

ByteStream::Impl::Impl(boost::asio::io_context& io, const std::string& origin, const Route& route, LastAddress& last,
                       Listener& listener)
    : listener_(listener), transfer_(io, origin, route, last), socket_(io), postbox_(io) {
    curl_easy_setopt(transfer_.easy(), CURLOPT_CONNECT_ONLY, 1L);
    const auto step = [this](OpenStep begun) { postbox_.post([this, begun] { listener_.on_step(begun); }); };
    transfer_.watch(step, &tune_uplink_socket);
    // The steps were posted, and must come first.
    transfer_.start([this](CURLcode code) { postbox_.post([this, code] { report(code); }); });
}

void ByteStream::Impl::report(CURLcode code) {
    if (code == CURLE_OK) curl_easy_getinfo(transfer_.easy(), CURLINFO_ACTIVESOCKET, &fd_);
    error_code ec;
    if (fd_ >= 0) socket_.assign(fd_, ec);
    if (fd_ < 0 || ec) {
        const Unreached why = transfer_.why_not(code);
        listener_.on_unreached(why.fault, why.text);
        return;
    }
    transfer_.reached();
    connected_ = true;
    postbox_.post([this] { read(); });
    write_later();
    listener_.on_connected();
}

void ByteStream::Impl::wait_to_read() {
    const auto ready = [this](const error_code&) { read(); };
    socket_.async_wait(stream_descriptor::wait_read, postbox_.guard(ready));
}

/// What comes after the listener's call is posted before it: the call may destroy this.
void ByteStream::Impl::read() {
    pauses_reading_ = waiting() > kMostUnsent;
    if (pauses_reading_) return;
    std::size_t count = 0;
    const CURLcode code = curl_easy_recv(transfer_.easy(), in_.data(), in_.size(), &count);
    if (code == CURLE_AGAIN && failure_ == CURLE_OK) {
        wait_to_read();
    } else if (code != CURLE_OK || count == 0) {
        const CURLcode why = failure_ == CURLE_OK ? code : failure_;
        listener_.on_end(why == CURLE_OK ? "" : transfer_.said(why));
    } else {
        postbox_.post([this] { read(); });  // TLS may hold bytes that the socket does not show
        listener_.on_bytes({in_.data(), count});
    }
}

void ByteStream::Impl::write(std::string_view bytes) {
    if (failure_ != CURLE_OK) return;
    out_.append(bytes);
    write_later();
}

/// What is written in one turn of the loop leaves together.
void ByteStream::Impl::write_later() {
    if (!connected_ || flushes_soon_ || waits_to_write_ || waiting() == 0) return;
    flushes_soon_ = true;
    postbox_.post([this] {
        flushes_soon_ = false;
        flush();
    });
}

void ByteStream::Impl::flush() {
    if (!connected_ || waits_to_write_) return;
    std::size_t sent = 0;
    CURLcode code = CURLE_OK;
    while (code == CURLE_OK && waiting() > 0 && sent < kChunk) {
        std::size_t count = 0;
        code = curl_easy_send(transfer_.easy(), out_.data() + sent_, waiting(), &count);
        sent_ += count;
        sent += count;
    }
    forget_sent();
    if (code == CURLE_AGAIN)
        wait_to_write();
    else if (code != CURLE_OK)
        fail(code);
    else
        write_later();
    if (pauses_reading_ && waiting() <= kMostUnsent) go_on_reading();
}

void ByteStream::Impl::forget_sent() {
    if (waiting() > 0 && sent_ < kMostUnsent) return;
    out_.erase(0, sent_);
    sent_ = 0;
    if (out_.empty() && out_.capacity() > kMostKept) out_.shrink_to_fit();
}

void ByteStream::Impl::wait_to_write() {
    waits_to_write_ = true;
    const auto ready = [this](const error_code&) {
        waits_to_write_ = false;
        flush();
    };
    socket_.async_wait(stream_descriptor::wait_write, postbox_.guard(ready));
}

/// Before the connection has ended for the listener, it gets what the other side said last: perhaps why.
void ByteStream::Impl::fail(CURLcode code) {
    failure_ = code;
    out_.clear();
    sent_ = 0;
    error_code ignored;
    socket_.cancel(ignored);  // wakes the one who waits to read
}

void ByteStream::Impl::go_on_reading() {
    pauses_reading_ = false;
    postbox_.post([this] { read(); });
}

std::size_t ByteStream::Impl::unsent_bytes() const {
    return waiting() + (connected_ ? unconfirmed_bytes(fd_) : 0);
}

ByteStream::ByteStream(boost::asio::io_context& io, const std::string& origin, const Route& route, LastAddress& last,
                       Listener& listener)
    : impl_(std::make_unique<Impl>(io, origin, route, last, listener)) {}
ByteStream::~ByteStream() = default;

void ByteStream::write(std::string_view bytes) {
    impl_->write(bytes);
}

void ByteStream::flush() {
    impl_->flush();
}

std::size_t ByteStream::unsent_bytes() const {
    return impl_->unsent_bytes();
}

std::optional<std::chrono::seconds> ByteStream::certificate_ends() const {
    return impl_->certificate_ends();
}

}  // namespace fieldlink
