#include "daemon/scrape/metrics_server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "daemon/log.hpp"

namespace fieldlink {
namespace {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr const char* kOpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
constexpr const char* kPlain = "text/plain; charset=utf-8";
constexpr std::chrono::seconds kAcceptRetry{1};

tcp::endpoint endpoint_of(const std::string& listen, error_code& ec) {
    const std::size_t colon = listen.rfind(':');
    std::string host = listen.substr(0, colon);
    if (host == "localhost") host = "127.0.0.1";
    if (host.front() == '[') host = host.substr(1, host.size() - 2);
    const auto address = boost::asio::ip::make_address(host, ec);
    return {address, static_cast<std::uint16_t>(std::stoul(listen.substr(colon + 1)))};
}

bool is_metrics(std::string_view target) {
    return target.substr(0, target.find('?')) == "/metrics";
}

http::status status_of_fault(const error_code& ec) {
    const bool too_long = ec == http::error::header_limit || ec == http::error::buffer_overflow;
    return too_long ? http::status::request_header_fields_too_large : http::status::bad_request;
}

bool is_fault_of_request(const error_code& ec) {
    return ec.category() == make_error_code(http::error::bad_method).category() && ec != http::error::end_of_stream &&
           ec != http::error::partial_message;
}

}  // namespace

class MetricsServer::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(boost::asio::io_context& net, std::string listen, std::function<std::string()> metrics,
         const MetricsPatience& patience)
        : listen_(std::move(listen)), metrics_(std::move(metrics)), patience_(patience), acceptor_(net), retry_(net) {}
    ~Impl();

    void listen();
    std::uint16_t port() const;

private:
    class Connection;

    error_code open();
    void retry_after(std::chrono::milliseconds delay, void (Impl::*attempt)());
    void accept();
    void on_accepted(const error_code& ec, tcp::socket socket);

    const std::string listen_;
    const std::function<std::string()> metrics_;
    const MetricsPatience patience_;
    tcp::acceptor acceptor_;
    boost::asio::steady_timer retry_;
    bool failed_ = false;  ///< to listen, and it was logged
    std::set<std::shared_ptr<Connection>> connections_;
};

/// One client. What is under way keeps it alive; the server may be gone by then.
class MetricsServer::Impl::Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(tcp::socket socket, std::weak_ptr<Impl> server, std::chrono::milliseconds patience)
        : stream_(std::move(socket)), server_(std::move(server)), patience_(patience) {}

    void await_request();
    void close() { stream_.close(); }

private:
    using Step = void (Connection::*)(const error_code& ec);
    auto then(Step step) {
        return [self = shared_from_this(), step](const error_code& ec, std::size_t) { (self.get()->*step)(ec); };
    }

    void on_request(const error_code& ec);
    void answer(Impl& server);
    void refuse(http::status status, std::string_view text);
    void send(std::string text, bool with_body);
    void on_sent(const error_code& ec);
    void drain(const error_code& ec);
    void end();

    boost::beast::tcp_stream stream_;
    std::weak_ptr<Impl> server_;
    std::chrono::milliseconds patience_;
    boost::beast::flat_buffer buffer_{2 * std::size_t{kMaxHeader}};
    std::optional<http::request_parser<http::empty_body>> request_;
    http::response<http::string_body> response_;
};

void MetricsServer::Impl::Connection::await_request() {
    request_.emplace();
    request_->header_limit(kMaxHeader);
    stream_.expires_after(patience_);
    http::async_read_header(stream_, buffer_, *request_, then(&Connection::on_request));
}

void MetricsServer::Impl::Connection::on_request(const error_code& ec) {
    const auto server = server_.lock();
    if (!server) return close();
    response_ = {};
    stream_.expires_after(patience_);
    if (!ec) return answer(*server);
    if (!is_fault_of_request(ec)) return end();
    response_.keep_alive(false);
    refuse(status_of_fault(ec), "this is no HTTP request of at most 8 KiB; metrics are at /metrics\n");
}

void MetricsServer::Impl::Connection::answer(Impl& server) {
    const auto& request = request_->get();
    response_.version(request.version());
    // A body is not read, so what follows it cannot be found.
    response_.keep_alive(request.keep_alive() && request_->is_done());
    if (request.method() != http::verb::get && request.method() != http::verb::head) {
        response_.set(http::field::allow, "GET, HEAD");
        return refuse(http::status::method_not_allowed, "only GET and HEAD are answered here\n");
    }
    if (!is_metrics({request.target().data(), request.target().size()}))
        return refuse(http::status::not_found, "there is nothing here; metrics are at /metrics\n");
    response_.set(http::field::content_type, kOpenMetrics);
    send(server.metrics_(), request.method() == http::verb::get);
}

void MetricsServer::Impl::Connection::refuse(http::status status, std::string_view text) {
    response_.result(status);
    response_.set(http::field::content_type, kPlain);
    send(std::string(text), request_->get().method() != http::verb::head);
}

void MetricsServer::Impl::Connection::send(std::string text, bool with_body) {
    response_.content_length(text.size());
    if (with_body) response_.body() = std::move(text);
    http::async_write(stream_, response_, then(&Connection::on_sent));
}

void MetricsServer::Impl::Connection::on_sent(const error_code& ec) {
    if (ec) return end();
    if (response_.keep_alive()) return await_request();
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    drain(ignored);
}

/// To close with bytes unread would reset the connection, and the client might lose the answer.
void MetricsServer::Impl::Connection::drain(const error_code& ec) {
    if (ec) return end();
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(kMaxHeader), then(&Connection::drain));
}

void MetricsServer::Impl::Connection::end() {
    close();
    if (const auto server = server_.lock()) server->connections_.erase(shared_from_this());
}

MetricsServer::Impl::~Impl() {
    for (const auto& connection : connections_)
        connection->close();
}

void MetricsServer::Impl::listen() {
    const error_code ec = open();
    if (ec) {
        if (!failed_)
            log::error("metrics.listen: cannot listen on " + listen_ + ": " + ec.message() +
                       "; the gateway runs without metrics over HTTP, and tries again every " +
                       std::to_string(std::chrono::duration_cast<std::chrono::seconds>(patience_.rebind).count()) +
                       " s");
        failed_ = true;
        return retry_after(patience_.rebind, &Impl::listen);
    }
    if (failed_) log::notice("metrics.listen: now listens on " + listen_);
    accept();
}

error_code MetricsServer::Impl::open() {
    error_code ec, ignored;
    const tcp::endpoint endpoint = endpoint_of(listen_, ec);
    if (!ec) acceptor_.open(endpoint.protocol(), ec);
    if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec) acceptor_.bind(endpoint, ec);
    if (!ec) acceptor_.listen(kMaxConnections, ec);
    if (ec) acceptor_.close(ignored);
    return ec;
}

std::uint16_t MetricsServer::Impl::port() const {
    error_code none;
    return acceptor_.local_endpoint(none).port();
}

void MetricsServer::Impl::retry_after(std::chrono::milliseconds delay, void (Impl::*attempt)()) {
    retry_.expires_after(delay);
    retry_.async_wait([weak = weak_from_this(), attempt](const error_code&) {
        if (const auto self = weak.lock()) (self.get()->*attempt)();
    });
}

void MetricsServer::Impl::accept() {
    acceptor_.async_accept([weak = weak_from_this()](const error_code& ec, tcp::socket socket) {
        if (const auto self = weak.lock()) self->on_accepted(ec, std::move(socket));
    });
}

/// After an error most likely no file descriptor is left, and at once it would fail again.
void MetricsServer::Impl::on_accepted(const error_code& ec, tcp::socket socket) {
    if (ec) return retry_after(kAcceptRetry, &Impl::accept);
    if (connections_.size() < kMaxConnections) {
        const auto connection = std::make_shared<Connection>(std::move(socket), weak_from_this(), patience_.request);
        connections_.insert(connection);
        connection->await_request();
    }
    accept();
}

MetricsServer::MetricsServer(boost::asio::io_context& net, const std::string& listen,
                             std::function<std::string()> metrics, const MetricsPatience& patience)
    : impl_(std::make_shared<Impl>(net, listen, std::move(metrics), patience)) {
    impl_->listen();
}

MetricsServer::~MetricsServer() = default;

std::uint16_t MetricsServer::port() const {
    return impl_->port();
}

}  // namespace fieldlink
