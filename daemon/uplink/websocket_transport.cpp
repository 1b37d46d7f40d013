#include <stdexcept>

#include "daemon/postbox.hpp"
#include "daemon/uplink/websocket_session.hpp"

namespace fieldlink {
namespace {

class WebsocketTransport final : public Transport {
public:
    WebsocketTransport(boost::asio::io_context& io, Route route) : io_(io), route_(std::move(route)), postbox_(io) {}
    ~WebsocketTransport() override { drop(); }

    void open(const std::string& url, Listener& listener) override;
    Sent send(std::string text) override { return session_ ? session_->send(std::move(text)) : Sent::not_open; }
    std::size_t unsent_bytes() const override { return session_ ? session_->unsent_bytes() : 0; }
    void close(int code, std::string_view reason) override {
        if (session_) session_->close(code, reason);
    }
    void drop() override;
    std::optional<std::chrono::seconds> certificate_ends() const override {
        return session_ ? session_->certificate_ends() : std::nullopt;
    }

private:
    boost::asio::io_context& io_;
    Route route_;
    LastAddress last_;
    std::shared_ptr<WebsocketSession> session_;
    Postbox postbox_;
};

void WebsocketTransport::open(const std::string& url, Listener& listener) {
    drop();
    try {
        session_ = start_websocket_session(io_, url, route_, last_, listener);
    } catch (const std::runtime_error& error) {
        OpenFailure failure;
        failure.fault = OpenFault::connect;
        failure.text = error.what();
        postbox_.post([&listener, failure] { listener.on_failed(failure); });
    }
}

void WebsocketTransport::drop() {
    postbox_.forget();
    if (session_) session_->forget();
    session_.reset();
}

}  // namespace

std::unique_ptr<Transport> make_websocket_transport(boost::asio::io_context& io, const Route& route) {
    return std::make_unique<WebsocketTransport>(io, route);
}

}  // namespace fieldlink
