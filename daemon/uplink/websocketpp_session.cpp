#include <boost/asio/ssl.hpp>
#include <cstring>
#include <stdexcept>
#include <type_traits>
#include <websocketpp/client.hpp>
#include <websocketpp/concurrency/none.hpp>
#include <websocketpp/config/asio_client.hpp>
#include <websocketpp/logger/stub.hpp>
#include <websocketpp/utf8_validator.hpp>

#include "daemon/uplink/socket_options.hpp"
#include "daemon/uplink/tls_context.hpp"
#include "daemon/uplink/websocket_session.hpp"

// The only file that knows websocketpp.
namespace fieldlink {
namespace {

namespace ws = websocketpp;
namespace tls = websocketpp::transport::asio::socket;
using ws::connection_hdl;

constexpr long kStepLimit = 15'000;  // ms: each of DNS, TCP, TLS, upgrade
constexpr long kCloseLimit = 2'000;
constexpr std::size_t kMaxInbound = 1024 * 1024;

/// websocketpp's policies: single-threaded, silent, bounded; compression stays off. `Base` brings plain or TLS sockets.
template <class Base>
struct Settings : Base {
    using type = Settings;
    using concurrency_type = ws::concurrency::none;
    using alog_type = ws::log::stub;
    using elog_type = ws::log::stub;
    using rng_type = ws::random::random_device::int_generator<std::uint32_t, concurrency_type>;
    static const bool enable_multithreading = false;

    struct transport_config : Base::transport_config {
        using concurrency_type = type::concurrency_type;
        using alog_type = type::alog_type;
        using elog_type = type::elog_type;
        static const bool enable_multithreading = false;
        static const long timeout_dns_resolve = kStepLimit;
        static const long timeout_connect = kStepLimit;
        static const long timeout_socket_post_init = kStepLimit;
        static const long timeout_socket_shutdown = kCloseLimit;
    };
    using transport_type = ws::transport::asio::endpoint<transport_config>;

    static const long timeout_open_handshake = kStepLimit;
    static const long timeout_close_handshake = kCloseLimit;
    static const std::size_t max_message_size = kMaxInbound;
    static const std::size_t max_http_body_size = kMaxInbound;
    // A peer that breaks the protocol gets no close frame: its echo could not be told from a close of its own.
    static const bool drop_on_protocol_error = true;
};

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

using PlainSettings = Settings<ws::config::asio_client>;
using TlsSettings = Settings<ws::config::asio_tls_client>;

template <class Config>
class SessionOver final : public WebsocketSession, public std::enable_shared_from_this<SessionOver<Config>> {
public:
    using Client = ws::client<Config>;
    using Connection = typename Client::connection_ptr;
    static constexpr bool kTls = std::is_same_v<Config, TlsSettings>;

    SessionOver(boost::asio::io_context& io, Transport::Listener& listener) : listener_(&listener) {
        ws::lib::error_code ec;
        client_.init_asio(&io, ec);
    }

    void start(const ws::uri_ptr& uri, const TlsConfig& config);

    Transport::Sent send(std::string text) override;
    void close(int code, std::string_view reason) override;

    std::size_t unsent_bytes() const override {
        const Connection open = connection();
        return open ? open->get_buffered_amount() + unconfirmed_bytes(open->get_raw_socket().native_handle()) : 0;
    }

    void forget() override {
        listener_ = nullptr;
        if (const Connection forgotten = connection()) end_abruptly(forgotten);
    }

private:
    void report_to_self(const Connection& connection);
    void on_tcp_up();
    void on_open() {
        if (listener_) listener_->on_opened();
    }
    void on_fail() {
        if (listener_) std::exchange(listener_, nullptr)->on_failed(why_failed(connection()));
    }
    void on_close();
    void on_message(const typename Client::message_ptr& message);
    void mask(typename Config::message_type& message);
    OpenFailure why_failed(Connection connection) const;
    static void end_abruptly(const Connection& connection) {
        boost::system::error_code ignored;
        connection->get_raw_socket().close(ignored);
    }
    Connection connection() const { return std::static_pointer_cast<typename Client::connection_type>(handle_.lock()); }

    Client client_;
    typename Config::rng_type random_;
    connection_hdl handle_;  // weak: websocketpp's operations own the connection, and the connection's handlers us
    Transport::Listener* listener_;
};

template <class Config>
void SessionOver<Config>::start(const ws::uri_ptr& uri, const TlsConfig& config) {
    if constexpr (kTls) {
        const auto context = make_tls_context(config, uri->get_host());
        client_.set_tls_init_handler([context](const connection_hdl&) { return context; });
    }
    ws::lib::error_code ec;
    const Connection connection = client_.get_connection(uri, ec);
    if (ec) throw std::runtime_error("no WebSocket connection can be made: " + ec.message());
    handle_ = connection->get_handle();
    report_to_self(connection);
    client_.connect(connection);
}

template <class Config>
void SessionOver<Config>::report_to_self(const Connection& connection) {
    const auto self = this->shared_from_this();
    connection->set_tcp_pre_init_handler([self](const connection_hdl&) { self->on_tcp_up(); });
    connection->set_open_handler([self](const connection_hdl&) { self->on_open(); });
    connection->set_fail_handler([self](const connection_hdl&) { self->on_fail(); });
    connection->set_close_handler([self](const connection_hdl&) { self->on_close(); });
    connection->set_message_handler(
        [self](const connection_hdl&, const typename Client::message_ptr& message) { self->on_message(message); });
}

template <class Config>
void SessionOver<Config>::on_tcp_up() {
    const Connection up = connection();
    if (up && !listener_) end_abruptly(up);  // forgotten while connecting: it must not log in
    if (!up || !listener_) return;
    tune_uplink_socket(up->get_raw_socket().native_handle());
    listener_->on_step(OpenStep::connecting);
    listener_->on_step(OpenStep::upgrading);
}

template <class Config>
OpenFailure SessionOver<Config>::why_failed(Connection connection) const {
    OpenFailure failure;
    if (!connection) return failure;
    failure.http_status = static_cast<int>(connection->get_response_code());
    failure.text = connection->get_ec().message();
    if (failure.http_status) failure.text = "HTTP " + std::to_string(failure.http_status);
    failure.retry_after = connection->get_response_header("Retry-After");
    if constexpr (kTls) {
        const std::string refusal = tls_refusal(connection->get_socket().native_handle());
        const bool in_handshake = connection->get_ec() == tls::make_error_code(tls::error::tls_handshake_failed);
        if (in_handshake) failure.fault = OpenFault::tls;
        if (in_handshake && !refusal.empty()) failure.text = refusal;
    }
    return failure;
}

template <class Config>
void SessionOver<Config>::on_close() {
    if (!listener_) return;
    const Connection closed = connection();
    const int code = closed ? closed->get_remote_close_code() : ws::close::status::abnormal_close;
    std::string reason = closed ? closed->get_remote_close_reason() : "";
    if (closed && reason.empty() && closed->get_ec()) reason = closed->get_ec().message();
    std::exchange(listener_, nullptr)->on_closed(code, reason);
}

template <class Config>
void SessionOver<Config>::on_message(const typename Client::message_ptr& message) {
    if (!listener_) return;
    if (message->get_opcode() == ws::frame::opcode::text)
        listener_->on_text(message->get_payload());
    else
        listener_->on_binary(message->get_payload().size());
}

template <class Config>
Transport::Sent SessionOver<Config>::send(std::string text) {
    const Connection open = connection();
    if (!open) return Transport::Sent::not_open;
    if (!is_ascii(text) && !ws::utf8_validator::validate(text)) return Transport::Sent::not_sendable;
    const auto message = open->get_message(ws::frame::opcode::text, 0);
    message->get_raw_payload() = std::move(text);
    mask(*message);
    return open->send(message) ? Transport::Sent::not_open : Transport::Sent::queued;
}

/// Left to itself websocketpp masks byte by byte, into a copy: with its check of the UTF-8, which is_ascii() mostly
/// spares, that was 85 % of the net thread's instructions (callgrind).
template <class Config>
void SessionOver<Config>::mask(typename Config::message_type& message) {
    std::string& payload = message.get_raw_payload();
    const ws::frame::masking_key_type key{random_()};
    const ws::frame::basic_header header(ws::frame::opcode::text, payload.size(), true, true);
    const ws::frame::extended_header rest(payload.size(), key.i);
    message.set_header(ws::frame::prepare_header(header, rest));
    ws::frame::word_mask_exact(reinterpret_cast<std::uint8_t*>(payload.data()), payload.size(), key);
    message.set_prepared(true);
}

template <class Config>
void SessionOver<Config>::close(int code, std::string_view reason) {
    ws::lib::error_code ec;
    if (const Connection open = connection())
        open->close(static_cast<ws::close::status::value>(code), std::string(reason), ec);
}

template <class Config>
std::shared_ptr<WebsocketSession> start(boost::asio::io_context& io, const ws::uri_ptr& uri, const TlsConfig& config,
                                        Transport::Listener& listener) {
    const auto session = std::make_shared<SessionOver<Config>>(io, listener);
    session->start(uri, config);
    return session;
}

}  // namespace

std::shared_ptr<WebsocketSession> start_websocket_session(boost::asio::io_context& io, const std::string& url,
                                                          const TlsConfig& tls_config, Transport::Listener& listener) {
    const auto uri = std::make_shared<ws::uri>(url);
    if (!uri->get_valid()) throw std::runtime_error("uplink.url is not of the form wss://host or wss://host:port");
    const auto start_by_scheme = uri->get_secure() ? &start<TlsSettings> : &start<PlainSettings>;
    return start_by_scheme(io, uri, tls_config, listener);
}

}  // namespace fieldlink
