#include <boost/asio/steady_timer.hpp>
#include <cstring>
#include <stdexcept>
#include <websocketpp/client.hpp>
#include <websocketpp/concurrency/none.hpp>
#include <websocketpp/config/core_client.hpp>
#include <websocketpp/logger/stub.hpp>
#include <websocketpp/utf8_validator.hpp>

#include "daemon/net/byte_stream.hpp"
#include "daemon/postbox.hpp"
#include "daemon/uplink/websocket_session.hpp"

// The only file that knows websocketpp, which is no more than the protocol here: bytes come and go by a ByteStream.
namespace fieldlink {
namespace {

namespace ws = websocketpp;
using boost::system::error_code;
using ws::connection_hdl;

constexpr std::chrono::seconds kCloseLimit{2};
constexpr std::size_t kMaxInbound = 1024 * 1024;

/// websocketpp's policies: single-threaded, silent, bounded; without timers; compression stays off.
struct Settings : ws::config::core_client {
    using type = Settings;
    using concurrency_type = ws::concurrency::none;
    using alog_type = ws::log::stub;
    using elog_type = ws::log::stub;
    using rng_type = ws::random::random_device::int_generator<std::uint32_t, concurrency_type>;
    static const bool enable_multithreading = false;

    struct transport_config : ws::config::core_client::transport_config {
        using concurrency_type = type::concurrency_type;
        using alog_type = type::alog_type;
        using elog_type = type::elog_type;
        static const bool enable_multithreading = false;
    };
    using transport_type = ws::transport::iostream::endpoint<transport_config>;

    static const std::size_t max_message_size = kMaxInbound;
    static const std::size_t max_http_body_size = kMaxInbound;
    // A peer that breaks the protocol gets no close frame: its echo could not be told from a close of its own.
    static const bool drop_on_protocol_error = true;
};

using Client = ws::client<Settings>;

/// Eight bytes at a time: frames are long and hardly ever hold anything else.
bool is_ascii(const std::string& text) {
    std::size_t i = 0;
    std::uint64_t seen = 0, word = 0;
    for (; i + sizeof word <= text.size(); i += sizeof word) {
        std::memcpy(&word, text.data() + i, sizeof word);
        seen |= word;
    }
    for (; i < text.size(); ++i)
        seen |= static_cast<unsigned char>(text[i]);
    return (seen & 0x8080808080808080) == 0;
}

std::string origin_of(const ws::uri& uri) {
    const std::string host = uri.get_host();
    const bool is_ipv6 = host.find(':') != std::string::npos;
    return (uri.get_secure() ? "https://" : "http://") + (is_ipv6 ? "[" + host + "]" : host) + ":" + uri.get_port_str();
}

class Session final : public WebsocketSession,
                      private ByteStream::Listener,
                      public std::enable_shared_from_this<Session> {
public:
    Session(boost::asio::io_context& io, const ws::uri_ptr& uri, Transport::Listener& listener);
    ~Session() override { forget(); }

    /// The stream gets the URL's origin only: the credential stays here.
    void start(boost::asio::io_context& io, const Route& route, LastAddress& last) {
        ByteStream::Listener& self = *this;
        stream_ = std::make_unique<ByteStream>(io, origin_of(*protocol_->get_uri()), route, last, self);
    }

    Transport::Sent send(std::string text) override;
    void close(int code, std::string_view reason) override;
    std::size_t unsent_bytes() const override { return stream_ ? stream_->unsent_bytes() : 0; }
    std::optional<std::chrono::seconds> certificate_ends() const override {
        return stream_ ? stream_->certificate_ends() : std::nullopt;
    }
    void forget() override;

private:
    using Protocol = Client::connection_type;
    using Message = Client::message_ptr;

    // ByteStream::Listener
    void on_step(OpenStep step) override { listener_->on_step(step); }
    void on_connected() override;
    void on_bytes(std::string_view bytes) override;
    void on_unreached(OpenFault fault, const std::string& text) override;
    void on_end(const std::string& text) override;

    void report_to_self();
    void on_open() {
        if (listener_) listener_->on_opened();
    }
    void on_fail();
    void on_close();
    void on_message(const Message& message);
    OpenFailure why_failed() const;
    ws::lib::error_code write(const std::vector<ws::transport::buffer>& buffers);
    void mask(Settings::message_type& message);
    void limit_closing();
    void finish();

    Transport::Listener* listener_;  ///< nullptr once nobody wants to hear any more
    Client client_;
    Settings::rng_type random_;
    Client::connection_ptr protocol_;
    std::unique_ptr<ByteStream> stream_;
    std::string end_text_;  ///< why the stream ended, if it did not just end
    bool feeding_ = false;  ///< bytes of the stream's are in websocketpp's hands
    boost::asio::steady_timer closing_;
    bool closes_ = false;
    Postbox postbox_;
};

Session::Session(boost::asio::io_context& io, const ws::uri_ptr& uri, Transport::Listener& listener)
    : listener_(&listener), closing_(io), postbox_(io) {
    client_.set_secure(uri->get_secure());
    ws::lib::error_code ec;
    protocol_ = client_.get_connection(uri, ec);
    if (ec) throw std::runtime_error("no WebSocket connection can be made: " + ec.message());
    report_to_self();
}

/// The protocol is ours alone: it ends before we do.
void Session::report_to_self() {
    protocol_->set_open_handler([this](const connection_hdl&) { on_open(); });
    protocol_->set_fail_handler([this](const connection_hdl&) { on_fail(); });
    protocol_->set_close_handler([this](const connection_hdl&) { on_close(); });
    protocol_->set_message_handler([this](const connection_hdl&, const Message& message) { on_message(message); });
    protocol_->set_write_handler([this](const connection_hdl&, const char* bytes, std::size_t size) {
        return write({{bytes, size}});
    });
    protocol_->set_vector_write_handler(
        [this](const connection_hdl&, const std::vector<ws::transport::buffer>& buffers) { return write(buffers); });
}

ws::lib::error_code Session::write(const std::vector<ws::transport::buffer>& buffers) {
    for (const ws::transport::buffer& buffer : buffers)
        if (stream_) stream_->write({buffer.buf, buffer.len});
    return {};
}

void Session::on_connected() {
    const auto self = shared_from_this();
    listener_->on_step(OpenStep::upgrading);
    if (listener_) client_.connect(protocol_);
}

void Session::on_bytes(std::string_view bytes) {
    const auto self = shared_from_this();
    feeding_ = true;
    std::size_t taken = 1;
    while (listener_ && taken > 0 && !bytes.empty()) {
        taken = protocol_->read_some(bytes.data(), bytes.size());
        bytes.remove_prefix(taken);
    }
    feeding_ = false;
    if (!listener_)
        finish();
    else if (protocol_->get_state() == ws::session::state::closing)
        limit_closing();
}

void Session::on_unreached(OpenFault fault, const std::string& text) {
    const auto self = shared_from_this();
    OpenFailure failure;
    failure.fault = fault;
    failure.text = text;
    std::exchange(listener_, nullptr)->on_failed(failure);
    finish();
}

void Session::on_end(const std::string& text) {
    const auto self = shared_from_this();
    end_text_ = text.empty() ? "the other side ended the connection" : text;
    stream_->flush();  // the answer to a close frame, which may have come just before the end
    protocol_->eof();
    if (listener_) on_fail();  // the protocol had not begun
    finish();
}

void Session::on_fail() {
    if (listener_) std::exchange(listener_, nullptr)->on_failed(why_failed());
}

OpenFailure Session::why_failed() const {
    OpenFailure failure;
    const int status = static_cast<int>(protocol_->get_response_code());
    const bool refused = status != 0 && status != ws::http::status_code::switching_protocols;
    failure.http_status = refused ? status : 0;
    failure.retry_after = protocol_->get_response_header("Retry-After");
    if (refused)
        failure.text = "HTTP " + std::to_string(status);
    else if (!end_text_.empty())
        failure.text = end_text_ + " before the upgrade to WebSocket";
    else
        failure.text = "the answer is no upgrade to WebSocket: " + protocol_->get_ec().message();
    return failure;
}

void Session::on_close() {
    if (!listener_) return;
    std::string reason = protocol_->get_remote_close_reason();
    if (reason.empty() && protocol_->get_ec()) reason = end_text_.empty() ? protocol_->get_ec().message() : end_text_;
    std::exchange(listener_, nullptr)->on_closed(protocol_->get_remote_close_code(), reason);
}

void Session::on_message(const Message& message) {
    if (!listener_) return;
    if (message->get_opcode() == ws::frame::opcode::text)
        listener_->on_text(message->get_payload());
    else
        listener_->on_binary(message->get_payload().size());
}

Transport::Sent Session::send(std::string text) {
    if (!protocol_) return Transport::Sent::not_open;
    if (!is_ascii(text) && !ws::utf8_validator::validate(text)) return Transport::Sent::not_sendable;
    const Message message = protocol_->get_message(ws::frame::opcode::text, 0);
    message->get_raw_payload() = std::move(text);
    mask(*message);
    return protocol_->send(message) ? Transport::Sent::not_open : Transport::Sent::queued;
}

/// Left to itself websocketpp masks byte by byte, into a copy: with its check of the UTF-8, which is_ascii() mostly
/// spares, that was 85 % of the net thread's instructions (callgrind).
void Session::mask(Settings::message_type& message) {
    std::string& payload = message.get_raw_payload();
    const ws::frame::masking_key_type key{random_()};
    const ws::frame::basic_header header(ws::frame::opcode::text, payload.size(), true, true);
    const ws::frame::extended_header rest(payload.size(), key.i);
    message.set_header(ws::frame::prepare_header(header, rest));
    ws::frame::word_mask_exact(reinterpret_cast<std::uint8_t*>(payload.data()), payload.size(), key);
    message.set_prepared(true);
}

void Session::close(int code, std::string_view reason) {
    if (!protocol_) return;
    ws::lib::error_code ec;
    protocol_->close(static_cast<ws::close::status::value>(code), std::string(reason), ec);
    limit_closing();
}

/// A side that does not end the connection after the close frames, or sends none, is not waited for.
void Session::limit_closing() {
    if (std::exchange(closes_, true)) return;
    closing_.expires_after(kCloseLimit);
    closing_.async_wait(postbox_.guard([this](const error_code& ec) {
        if (!ec) on_end("it did not end in time");
    }));
}

void Session::forget() {
    listener_ = nullptr;
    if (!feeding_) finish();
}

/// What waits to be read keeps websocketpp's connection alive: an error takes it away.
void Session::finish() {
    postbox_.forget();
    stream_.reset();
    if (const auto protocol = std::exchange(protocol_, nullptr)) protocol->fatal_error();
}

}  // namespace

std::shared_ptr<WebsocketSession> start_websocket_session(boost::asio::io_context& io, const std::string& url,
                                                          const Route& route, LastAddress& last,
                                                          Transport::Listener& listener) {
    const auto uri = std::make_shared<ws::uri>(url);
    if (!uri->get_valid()) throw std::runtime_error("uplink.url is not of the form wss://host or wss://host:port");
    const auto session = std::make_shared<Session>(io, uri, listener);
    session->start(io, route, last);
    return session;
}

}  // namespace fieldlink
