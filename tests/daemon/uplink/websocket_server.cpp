#include "websocket_server.hpp"

#include <boost/asio/ssl.hpp>
#include <websocketpp/config/asio.hpp>
#include <websocketpp/server.hpp>

namespace fieldlink::test {
namespace {

namespace ws = websocketpp;
using ws::connection_hdl;

template <class Config>
class ServerOver final : public WebsocketServer {
public:
    using Server = ws::server<Config>;
    using MessagePtr = typename Server::message_ptr;

    explicit ServerOver(boost::asio::io_context& io) {
        server_.clear_access_channels(ws::log::alevel::all);
        server_.clear_error_channels(ws::log::elevel::all);
        server_.init_asio(&io);
        server_.set_reuse_addr(true);
        server_.set_validate_handler([this](const connection_hdl& handle) { return validate(handle); });
        server_.set_http_handler([this](const connection_hdl& handle) { answer(handle); });
        server_.set_open_handler([this](const connection_hdl&) { ++open; });
        server_.set_message_handler(
            [this](const connection_hdl&, const MessagePtr& m) { texts.push_back(m->get_payload()); });
        server_.set_close_handler([this](const connection_hdl& handle) { on_close(handle); });
    }

    void listen() {
        server_.listen(boost::asio::ip::tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
        server_.start_accept();
    }

    Server& server() { return server_; }

    unsigned short port() const override {
        ws::lib::asio::error_code ec;
        return const_cast<Server&>(server_).get_local_endpoint(ec).port();
    }
    void send(const std::string& text) override { server_.send(newest_, text, ws::frame::opcode::text); }
    void send_binary(const std::string& bytes) override { server_.send(newest_, bytes, ws::frame::opcode::binary); }
    void close(int code, const std::string& reason) override {
        server_.close(newest_, static_cast<ws::close::status::value>(code), reason);
    }
    void cut() override {
        boost::system::error_code ec;
        server_.get_con_from_hdl(newest_)->get_raw_socket().close(ec);
    }

private:
    bool validate(const connection_hdl& handle) {
        newest_ = handle;
        const auto connection = server_.get_con_from_hdl(handle);
        resources.push_back(connection->get_resource());
        if (refuse_with == 0) return true;
        connection->set_status(static_cast<ws::http::status_code::value>(refuse_with));
        connection->append_header("Retry-After", "7");
        return false;
    }

    void answer(const connection_hdl& handle) {
        const auto connection = server_.get_con_from_hdl(handle);
        resources.push_back(connection->get_resource());
        connection->set_status(ws::http::status_code::ok);
        connection->set_body(body);
    }

    void on_close(const connection_hdl& handle) {
        close_codes.push_back(server_.get_con_from_hdl(handle)->get_remote_close_code());
    }

    Server server_;
    connection_hdl newest_;
};

}  // namespace

std::unique_ptr<WebsocketServer> make_plain_server(boost::asio::io_context& io) {
    auto server = std::make_unique<ServerOver<ws::config::asio>>(io);
    server->listen();
    return server;
}

std::unique_ptr<WebsocketServer> make_tls_server(boost::asio::io_context& io, const std::string& certificate,
                                                 const std::string& key, const std::string& client_authority) {
    auto server = std::make_unique<ServerOver<ws::config::asio_tls>>(io);
    const auto context = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_server);
    context->use_certificate_chain_file(certificate);
    context->use_private_key_file(key, boost::asio::ssl::context::pem);
    if (!client_authority.empty()) {
        context->load_verify_file(client_authority);
        context->set_verify_mode(boost::asio::ssl::verify_peer | boost::asio::ssl::verify_fail_if_no_peer_cert);
    }
    server->server().set_tls_init_handler([context](const connection_hdl&) { return context; });
    server->listen();
    return server;
}

}  // namespace fieldlink::test
