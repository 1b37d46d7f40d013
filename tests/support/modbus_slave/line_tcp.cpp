#include <boost/asio/ip/address.hpp>
#include <boost/system/system_error.hpp>

#include "tests/support/modbus_slave/line.hpp"

namespace fieldlink {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

tcp::endpoint endpoint_of(const std::string& address) {
    const std::size_t colon = address.rfind(':');
    if (colon == std::string::npos) throw std::invalid_argument("--tcp wants HOST:PORT, e.g. 127.0.0.1:0");
    const int port = std::stoi(address.substr(colon + 1));
    return {boost::asio::ip::make_address(address.substr(0, colon)), static_cast<unsigned short>(port)};
}

}  // namespace

TcpLine::TcpLine(Service service, const std::string& address)
    : service_(service), acceptor_(service.io, endpoint_of(address)) {
    accept();
}

std::string TcpLine::where() const {
    const tcp::endpoint at = acceptor_.local_endpoint();
    return R"("tcp":")" + at.address().to_string() + ":" + std::to_string(at.port()) + "\"";
}

void TcpLine::cut() {
    for (const auto& session : sessions_)
        session->close();
}

void TcpLine::accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) { on_accepted(error, std::move(socket)); });
}

void TcpLine::on_accepted(const error_code& error, tcp::socket socket) {
    if (!error) {
        socket.set_option(tcp::no_delay(true));
        const auto forget = [this](const std::shared_ptr<Session>& session) { sessions_.erase(session); };
        auto session = std::make_shared<Session>(service_.io, socket.release(), Framing::tcp, service_.slave,
                                                 service_.log, forget);
        session->start();
        sessions_.insert(std::move(session));
    }
    accept();
}

}  // namespace fieldlink
