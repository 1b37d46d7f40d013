#include <array>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <websocketpp/client.hpp>
#include <websocketpp/concurrency/none.hpp>
#include <websocketpp/config/core_client.hpp>
#include <websocketpp/logger/stub.hpp>
#include <websocketpp/utf8_validator.hpp>

#include <sys/random.h>

#include "daemon/uplink/websocket_protocol.hpp"

// The only file that knows websocketpp, of which nothing is used but the protocol.
namespace fieldlink {
namespace {

namespace ws = websocketpp;
using ws::connection_hdl;

constexpr std::size_t kMaxInbound = 1024 * 1024;

/// Keys for masking from the kernel, 64 at a time: asked for each frame, it was a third of the net thread's work.
class MaskingKeys {
public:
    std::uint32_t operator()() {
        if (next_ == keys_.size()) refill();
        return keys_[next_++];
    }

private:
    void refill() {
        if (getrandom(keys_.data(), sizeof keys_, 0) != static_cast<ssize_t>(sizeof keys_))
            throw std::runtime_error("this machine gives no random bytes");
        next_ = 0;
    }

    std::array<std::uint32_t, 64> keys_{};  // getrandom(2): so few are never cut short by a signal
    std::size_t next_ = keys_.size();
};

/// websocketpp's policies: single-threaded, silent, bounded; without timers; compression stays off.
struct Settings : ws::config::core_client {
    using type = Settings;
    using concurrency_type = ws::concurrency::none;
    using alog_type = ws::log::stub;
    using elog_type = ws::log::stub;
    using rng_type = MaskingKeys;
    [[maybe_unused]] static const bool enable_multithreading = false;

    struct transport_config : ws::config::core_client::transport_config {
        using concurrency_type = type::concurrency_type;
        using alog_type = type::alog_type;
        using elog_type = type::elog_type;
        [[maybe_unused]] static const bool enable_multithreading = false;
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
    const std::string& host = uri.get_host();
    const bool is_ipv6 = host.find(':') != std::string::npos;
    return (uri.get_secure() ? "https://" : "http://") + (is_ipv6 ? "[" + host + "]" : host) + ":" + uri.get_port_str();
}

class Protocol final : public WebsocketProtocol {
public:
    Protocol(const ws::uri_ptr& uri, Transport::Listener& listener, Write write);

    /// What waits to be read keeps websocketpp's connection alive: an error takes it away.
    ~Protocol() override {
        listener_ = nullptr;
        connection_->fatal_error();
    }

    std::string origin() const override { return origin_of(*connection_->get_uri()); }
    void begin() override { client_.connect(connection_); }
    void feed(std::string_view bytes) override;
    void end(const std::string& text) override;
    Transport::Sent send(std::string text) override;
    void close(int code, std::string_view reason) override;
    bool is_closing() const override { return connection_->get_state() == ws::session::state::closing; }
    void forget() override { listener_ = nullptr; }
    bool is_over() const override { return !listener_; }

private:
    using Message = Client::message_ptr;

    void report_to_self();
    void on_open() {
        if (listener_) listener_->on_opened();
    }
    void on_fail() {
        if (listener_) std::exchange(listener_, nullptr)->on_failed(why_failed());
    }
    void on_close();
    void on_message(const Message& message);
    OpenFailure why_failed() const;
    ws::lib::error_code write(const std::vector<ws::transport::buffer>& buffers);
    void mask(Settings::message_type& message);

    Transport::Listener* listener_;
    Write write_;
    Client client_;
    Settings::rng_type random_;
    Client::connection_ptr connection_;
    std::string end_text_;
};

Protocol::Protocol(const ws::uri_ptr& uri, Transport::Listener& listener, Write write)
    : listener_(&listener), write_(std::move(write)) {
    client_.set_secure(uri->get_secure());
    ws::lib::error_code ec;
    connection_ = client_.get_connection(uri, ec);
    if (ec) throw std::runtime_error("no WebSocket connection can be made: " + ec.message());
    report_to_self();
}

/// The connection is ours alone: it ends before we do.
void Protocol::report_to_self() {
    connection_->set_open_handler([this](const connection_hdl&) { on_open(); });
    connection_->set_fail_handler([this](const connection_hdl&) { on_fail(); });
    connection_->set_close_handler([this](const connection_hdl&) { on_close(); });
    connection_->set_message_handler([this](const connection_hdl&, const Message& message) { on_message(message); });
    connection_->set_write_handler([this](const connection_hdl&, const char* bytes, std::size_t size) {
        return write({{bytes, size}});
    });
    connection_->set_vector_write_handler(
        [this](const connection_hdl&, const std::vector<ws::transport::buffer>& buffers) { return write(buffers); });
}

ws::lib::error_code Protocol::write(const std::vector<ws::transport::buffer>& buffers) {
    for (const ws::transport::buffer& buffer : buffers)
        write_({buffer.buf, buffer.len});
    return {};
}

void Protocol::feed(std::string_view bytes) {
    std::size_t taken = 1;
    while (listener_ && taken > 0 && !bytes.empty()) {
        taken = connection_->read_some(bytes.data(), bytes.size());
        bytes.remove_prefix(taken);
    }
}

void Protocol::end(const std::string& text) {
    end_text_ = text;
    connection_->eof();
    on_fail();  // if it had not begun
}

OpenFailure Protocol::why_failed() const {
    OpenFailure failure;
    const int status = static_cast<int>(connection_->get_response_code());
    const bool refused = status != 0 && status != ws::http::status_code::switching_protocols;
    failure.http_status = refused ? status : 0;
    failure.retry_after = connection_->get_response_header("Retry-After");
    if (refused)
        failure.text = "HTTP " + std::to_string(status);
    else if (!end_text_.empty())
        failure.text = end_text_ + " before the upgrade to WebSocket";
    else
        failure.text = "the answer is no upgrade to WebSocket: " + connection_->get_ec().message();
    return failure;
}

void Protocol::on_close() {
    if (!listener_) return;
    std::string reason = connection_->get_remote_close_reason();
    if (reason.empty() && connection_->get_ec())
        reason = end_text_.empty() ? connection_->get_ec().message() : end_text_;
    std::exchange(listener_, nullptr)->on_closed(connection_->get_remote_close_code(), reason);
}

void Protocol::on_message(const Message& message) {
    if (!listener_) return;
    if (message->get_opcode() == ws::frame::opcode::text)
        listener_->on_text(message->get_payload());
    else
        listener_->on_binary(message->get_payload().size());
}

Transport::Sent Protocol::send(std::string text) {
    if (!is_ascii(text) && !ws::utf8_validator::validate(text)) return Transport::Sent::not_sendable;
    const Message message = connection_->get_message(ws::frame::opcode::text, 0);
    message->get_raw_payload() = std::move(text);
    mask(*message);
    return connection_->send(message) ? Transport::Sent::not_open : Transport::Sent::queued;
}

/// Left to itself websocketpp masks byte by byte, into a copy: with its check of the UTF-8, which is_ascii() mostly
/// spares, that was 85 % of the net thread's instructions (callgrind).
void Protocol::mask(Settings::message_type& message) {
    std::string& payload = message.get_raw_payload();
    const ws::frame::masking_key_type key{random_()};
    const ws::frame::basic_header header(ws::frame::opcode::text, payload.size(), true, true);
    const ws::frame::extended_header rest(payload.size(), key.i);
    message.set_header(ws::frame::prepare_header(header, rest));
    ws::frame::word_mask_exact(reinterpret_cast<std::uint8_t*>(payload.data()), payload.size(), key);
    message.set_prepared(true);
}

void Protocol::close(int code, std::string_view reason) {
    ws::lib::error_code ec;
    connection_->close(static_cast<ws::close::status::value>(code), std::string(reason), ec);
}

}  // namespace

std::unique_ptr<WebsocketProtocol> make_websocket_protocol(const std::string& url, Transport::Listener& listener,
                                                           WebsocketProtocol::Write write) {
    const auto uri = std::make_shared<ws::uri>(url);
    if (!uri->get_valid()) throw std::runtime_error("uplink.url is not of the form wss://host or wss://host:port");
    return std::make_unique<Protocol>(uri, listener, std::move(write));
}

}  // namespace fieldlink
