#include "daemon/control/control_server.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <set>
#include <utility>

#include "daemon/control/control_client.hpp"
#include "daemon/control/control_listener.hpp"
#include "daemon/control/control_request.hpp"
#include "daemon/json/reader.hpp"
#include "daemon/json/writer.hpp"
#include "daemon/log.hpp"
#include "daemon/outbox_tool/error_answer.hpp"

namespace fieldlink {

using boost::system::error_code;
using Socket = boost::asio::local::stream_protocol::socket;

class ControlServer::Impl : public ControlClient::Host, public std::enable_shared_from_this<Impl> {
public:
    Impl(boost::asio::io_context& io, const std::string& path, ControlServer::Host& host, const OperatorRights& rights)
        : host_(host), rights_(rights), listener_(io, path), retry_(io) {}
    ~Impl() override;

    void accept();
    bool has_followers() const;
    void publish_reading(std::string_view json);

    void on_line(ControlClient& client, std::string_view line) override;
    void on_line_too_long(ControlClient& client) override;
    void on_closed(ControlClient& client) override;

private:
    struct Verb {
        std::string_view name;
        void (Impl::*answer)(ControlClient& client, std::string_view line);
    };
    static const std::array<Verb, 7> kVerbs;

    void on_accepted(const error_code& ec, Socket socket);
    void accept_later();
    void admit(Socket socket);
    void status(ControlClient& client, std::string_view line);
    void metrics(ControlClient& client, std::string_view line);
    void tail(ControlClient& client, std::string_view line);
    void outbox(ControlClient& client, std::string_view line);
    void command(ControlClient& client, std::string_view line);
    bool refuse_without_rights(ControlClient& client, const std::string& what_it_does);

    ControlServer::Host& host_;
    OperatorRights rights_;
    ControlListener listener_;
    boost::asio::steady_timer retry_;
    std::set<std::shared_ptr<ControlClient>> clients_;
    std::set<ControlClient*> followers_;  ///< of clients_
};

const std::array<ControlServer::Impl::Verb, 7> ControlServer::Impl::kVerbs{{
    {"status", &Impl::status},
    {"tail", &Impl::tail},
    {"metrics", &Impl::metrics},
    {"outbox_list", &Impl::outbox},
    {"outbox_replay", &Impl::outbox},
    {"outbox_purge", &Impl::outbox},
    {"command", &Impl::command},
}};

ControlServer::Impl::~Impl() {
    for (const auto& client : clients_)
        client->close();
}

void ControlServer::Impl::accept() {
    listener_.acceptor().async_accept([weak = weak_from_this()](const error_code& ec, Socket socket) {
        if (const auto self = weak.lock()) self->on_accepted(ec, std::move(socket));
    });
}

void ControlServer::Impl::on_accepted(const error_code& ec, Socket socket) {
    if (ec) return accept_later();
    admit(std::move(socket));
    accept();
}

/// Most likely the process has no file descriptor left: the connection still waits, and at once it would fail again.
void ControlServer::Impl::accept_later() {
    retry_.expires_after(std::chrono::seconds(1));
    retry_.async_wait([weak = weak_from_this()](const error_code&) {
        if (const auto self = weak.lock()) self->accept();
    });
}

void ControlServer::Impl::admit(Socket socket) {
    if (clients_.size() < kMaxClients) {
        const auto client = std::make_shared<ControlClient>(std::move(socket), *this);
        clients_.insert(client);
        return client->start();
    }
    const std::string refusal = error_answer(std::to_string(kMaxClients) +
                                             " clients are connected, and that is the limit; end one of them, e.g. a "
                                             "`fieldlinkctl tail` that was left open") +
                                '\n';
    // The buffer of a new socket takes it whole.
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(boost::asio::buffer(refusal), ignored);
}

bool ControlServer::Impl::has_followers() const {
    return std::any_of(followers_.begin(), followers_.end(), [](ControlClient* f) { return f->listens(); });
}

void ControlServer::Impl::publish_reading(std::string_view json) {
    for (ControlClient* follower : followers_)
        follower->send(json);
}

void ControlServer::Impl::on_line(ControlClient& client, std::string_view line) {
    const ControlRequest request = parse_control_request(line);
    if (!request.problem.empty()) return client.send(error_answer(request.problem));
    for (const Verb& verb : kVerbs)
        if (request.verb == verb.name) return (this->*verb.answer)(client, line);
    std::string known;
    for (const Verb& verb : kVerbs)
        known.append(known.empty() ? "" : ", ").append(verb.name);
    client.send(error_answer("there is no verb \"" + request.verb + "\"; there are: " + known));
}

void ControlServer::Impl::on_line_too_long(ControlClient& client) {
    client.send(error_answer("a line may have at most " + std::to_string(ControlClient::kMaxLine) +
                             " bytes; send one JSON object a line"));
}

void ControlServer::Impl::on_closed(ControlClient& client) {
    followers_.erase(&client);
    clients_.erase(client.shared_from_this());
}

void ControlServer::Impl::status(ControlClient& client, std::string_view) {
    client.send(R"({"ok":true,"status":)" + host_.status_json() + "}");
}

void ControlServer::Impl::metrics(ControlClient& client, std::string_view) {
    std::string json = R"({"ok":true,"metrics":)";
    append_json_string(json, host_.metrics());
    client.send(json + "}");
}

void ControlServer::Impl::tail(ControlClient& client, std::string_view) {
    client.send(R"({"ok":true})");
    followers_.insert(&client);
}

void ControlServer::Impl::outbox(ControlClient& client, std::string_view line) {
    const OutboxRequestRead read = parse_outbox_request(line);
    if (!read.problem.empty()) return client.send(error_answer(read.problem));
    if (changes_outbox(read.request.verb) && refuse_without_rights(client, "changes the outbox")) return;
    host_.outbox(read.request, client.answer_later());
}

void ControlServer::Impl::command(ControlClient& client, std::string_view line) {
    const JsonDocument document(line);
    const JsonValue command = document.root()["command"];
    const auto type = command["type"].string();
    if (!type)
        return client.send(
            error_answer("\"command\" must be an object with a string \"type\", e.g. "
                         R"({"verb":"command","command":{"type":"read","sensor":"boiler"}})"));
    if (*type != "read" && *type != "ping" && refuse_without_rights(client, "has the gateway act")) return;
    const auto answered = [answer = client.answer_later()](const std::string& result) {
        answer(R"({"ok":true,"result":)" + result + "}");
    };
    host_.command(command.raw(), local_name_of(client.peer()), answered);
}

/// True if the client was told that this is not for it.
bool ControlServer::Impl::refuse_without_rights(ControlClient& client, const std::string& what_it_does) {
    if (rights_.allow(client.peer())) return false;
    client.send(error_answer(
        "this " + what_it_does +
        ", which is for root and members of the group fieldlink-operators: use sudo, or sudo adduser $USER "
        "fieldlink-operators, then log in again; if the group is new, restart fieldlink too"));
    return true;
}

ControlServer::ControlServer(boost::asio::io_context& io, const std::string& path, Host& host,
                             const OperatorRights& rights)
    : impl_(std::make_shared<Impl>(io, path, host, rights)) {
    impl_->accept();
}

ControlServer::~ControlServer() = default;

bool ControlServer::has_followers() const {
    return impl_->has_followers();
}

void ControlServer::publish_reading(std::string_view json) {
    impl_->publish_reading(json);
}

}  // namespace fieldlink
