#include "daemon/uplink/websocket_session.hpp"

#include <boost/asio/steady_timer.hpp>

#include "daemon/net/byte_stream.hpp"
#include "daemon/postbox.hpp"
#include "daemon/uplink/websocket_protocol.hpp"

namespace fieldlink {
namespace {

constexpr std::chrono::seconds kCloseLimit{2};

/// Leads bytes between the stream and the protocol. The listener may let go of it inside each of its calls: the stream
/// ends then, the protocol lives on until it comes back.
class Session final : public WebsocketSession,
                      private ByteStream::Listener,
                      public std::enable_shared_from_this<Session> {
public:
    Session(boost::asio::io_context& io, const std::string& url, Transport::Listener& listener)
        : listener_(listener),
          protocol_(make_websocket_protocol(url, listener, [this](std::string_view bytes) { write(bytes); })),
          closing_(io),
          postbox_(io) {}

    /// The stream learns the server's name only: the credential stays here.
    void start(boost::asio::io_context& io, const Route& route, LastAddress& last) {
        ByteStream::Listener& self = *this;
        stream_ = std::make_unique<ByteStream>(io, protocol_->origin(), route, last, self);
    }

    Transport::Sent send(std::string text) override { return protocol_->send(std::move(text)); }
    void close(int code, std::string_view reason) override;
    std::size_t unsent_bytes() const override { return stream_ ? stream_->unsent_bytes() : 0; }
    std::optional<std::chrono::seconds> certificate_ends() const override {
        return stream_ ? stream_->certificate_ends() : std::nullopt;
    }
    void forget() override;

private:
    // ByteStream::Listener
    void on_step(OpenStep step) override { listener_.on_step(step); }
    void on_connected() override;
    void on_bytes(std::string_view bytes) override;
    void on_unreached(OpenFault fault, const std::string& text) override;
    void on_end(const std::string& text) override;

    void write(std::string_view bytes) {
        if (stream_) stream_->write(bytes);
    }
    void limit_closing();
    void finish();

    Transport::Listener& listener_;
    std::unique_ptr<WebsocketProtocol> protocol_;
    std::unique_ptr<ByteStream> stream_;  ///< nullptr once it is over
    bool closes_ = false;
    boost::asio::steady_timer closing_;
    Postbox postbox_;
};

void Session::on_connected() {
    const auto self = shared_from_this();
    listener_.on_step(OpenStep::upgrading);
    if (!protocol_->is_over()) protocol_->begin();
}

void Session::on_bytes(std::string_view bytes) {
    const auto self = shared_from_this();
    protocol_->feed(bytes);
    if (protocol_->is_over())
        finish();
    else if (protocol_->is_closing())
        limit_closing();
}

void Session::on_unreached(OpenFault fault, const std::string& text) {
    const auto self = shared_from_this();
    OpenFailure failure;
    failure.fault = fault;
    failure.text = text;
    protocol_->forget();
    listener_.on_failed(failure);
    finish();
}

void Session::on_end(const std::string& text) {
    const auto self = shared_from_this();
    stream_->flush();  // the answer to a close frame, which may have come just before the end
    protocol_->end(text.empty() ? "the other side ended the connection" : text);
    finish();
}

void Session::close(int code, std::string_view reason) {
    protocol_->close(code, reason);
    limit_closing();
}

/// A side that does not end the connection after the close frames, or sends none, is not waited for.
void Session::limit_closing() {
    if (std::exchange(closes_, true)) return;
    const auto expired = [this](const boost::system::error_code& ec) {
        if (!ec) on_end("it did not end in time");
    };
    closing_.expires_after(kCloseLimit);
    closing_.async_wait(postbox_.guard(expired));
}

void Session::forget() {
    protocol_->forget();
    finish();
}

void Session::finish() {
    postbox_.forget();
    stream_.reset();
}

}  // namespace

std::shared_ptr<WebsocketSession> start_websocket_session(boost::asio::io_context& io, const std::string& url,
                                                          const Route& route, LastAddress& last,
                                                          Transport::Listener& listener) {
    const auto session = std::make_shared<Session>(io, url, listener);
    session->start(io, route, last);
    return session;
}

}  // namespace fieldlink
