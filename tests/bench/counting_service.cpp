// A service that welcomes, acks and counts, and costs next to nothing: for measuring how fast a client publishes, and
// how soon it acts on a command. It takes every credential and serves one client, with one connection or two.
//
// Standard output: {"url":…} when it listens. Each line on standard input, `progress` or `report`, is answered by a
// line (frame_log.hpp); its end ends the program.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <list>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/connection_bucket.hpp"
#include "tests/bench/frame_log.hpp"
#include "tests/bench/server_peer.hpp"

namespace fieldlink {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds kNever = nanoseconds::max();
constexpr std::chrono::seconds kIdle{60};
constexpr double kLeastGap = 0.03;  // seconds between two commands

struct Arguments {
    double rate = 0, burst = 200;
    std::string record, sensor = "valve", point = "opening";
    unsigned commands = 0;
    double commands_a_second = 5;
    unsigned commands_after = 400;
};

nanoseconds in_seconds(double seconds) {
    return std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double>(seconds));
}

/// The value of a member that is a string without escapes.
std::string_view member(std::string_view text, std::string_view name) {
    const std::string wanted = '"' + std::string(name) + "\":\"";
    const auto at = text.rfind(wanted);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = text.substr(at + wanted.size());
    return rest.substr(0, rest.find('"'));
}

struct Client {
    Client(int socket, const Arguments& arguments) : peer(socket), bucket(arguments.rate, arguments.burst) {}
    ServerPeer peer;
    ConnectionBucket bucket;
};

class CountingService {
public:
    explicit CountingService(const Arguments& arguments);
    ~CountingService() { ::close(listener_); }
    void run();

private:
    void wait();
    void answer_input();
    void accept_client();
    bool serve(Client& client);
    bool answer(Client& client, const ServerPeer::Frame& frame);
    void answer_text(Client& client, const ServerPeer::Frame& frame);
    void send_due_command();

    Arguments arguments_;
    int listener_;
    std::list<Client> clients_;
    std::optional<FrameFile> record_;
    FrameLog log_;
    Client* commanded_ = nullptr;  ///< who has subscribed to the commands
    std::string commands_channel_;
    std::optional<nanoseconds> next_command_;
    unsigned commands_sent_ = 0, backlog_frames_ = 0;
    std::mt19937 random_{1};
    std::vector<pollfd> polled_;
    bool ended_ = false;
};

CountingService::CountingService(const Arguments& arguments)
    : arguments_(arguments), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, any, size) != 0 || ::listen(listener_, 8) != 0 || ::getsockname(listener_, any, &size) != 0)
        throw std::runtime_error("cannot listen on the loopback");
    if (!arguments.record.empty()) record_.emplace(arguments.record);
    std::printf("{\"url\":\"ws://127.0.0.1:%d\"}\n", ntohs(address.sin_port));
    std::fflush(stdout);
}

void CountingService::run() {
    while (!ended_) {
        wait();
        if (polled_[0].revents != 0) {
            answer_input();
        }
        std::size_t place = 2;
        const bool has_new = polled_[1].revents != 0;
        for (auto client = clients_.begin(); client != clients_.end(); ++place) {
            const bool stays = polled_[place].revents == 0 || serve(*client);
            if (!stays && commanded_ == &*client) commanded_ = nullptr;
            client = stays ? std::next(client) : clients_.erase(client);
        }
        if (has_new) accept_client();
        send_due_command();
    }
}

void CountingService::answer_input() {
    char line[64];
    const ssize_t size = ::read(STDIN_FILENO, line, sizeof line);
    ended_ = size <= 0;
    if (ended_) return;
    if (line[0] == 'p')
        log_.print_progress(stdout, now());
    else
        log_.print(stdout);
}

void CountingService::wait() {
    polled_ = {{STDIN_FILENO, POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const Client& client : clients_)
        polled_.push_back({client.peer.socket(), POLLIN, 0});
    timespec limit{kIdle.count(), 0};
    if (next_command_ && commanded_) {
        const auto left = std::clamp(*next_command_ - now(), nanoseconds(0), nanoseconds(kIdle));
        limit = {static_cast<time_t>(left.count() / 1'000'000'000), static_cast<long>(left.count() % 1'000'000'000)};
    }
    ::ppoll(polled_.data(), polled_.size(), &limit, nullptr);
}

void CountingService::accept_client() {
    const int socket = ::accept(listener_, nullptr, nullptr);
    if (socket < 0) return;
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    Client& client = clients_.emplace_back(socket, arguments_);
    client.peer.queue_text(R"({"type":"welcome","peerId":"bench","expiresAt":null,"maxMessageSize":65536})");
    client.peer.flush();
    log_.connection();
}

/// False: the connection has ended.
bool CountingService::serve(Client& client) {
    if (!client.peer.receive()) return false;
    while (const auto frame = client.peer.next())
        if (!answer(client, *frame)) return false;
    client.peer.flush();
    return true;
}

bool CountingService::answer(Client& client, const ServerPeer::Frame& frame) {
    using Kind = ServerPeer::Kind;
    if (frame.kind == Kind::close) return false;
    if (!client.bucket.take(now())) {
        log_.too_fast();
        client.peer.queue(Kind::close, "\x0f\xab");  // 4011
        client.peer.flush();
        return false;
    }
    if (frame.kind == Kind::ping) client.peer.queue(Kind::pong, frame.head);
    if (frame.kind == Kind::text) answer_text(client, frame);
    return true;
}

void CountingService::answer_text(Client& client, const ServerPeer::Frame& frame) {
    const std::string_view request = member(frame.tail, "requestId");
    if (request.empty()) {
        client.peer.queue_text(R"({"type":"pong"})");
        return log_.frame(FrameLog::Kind::ping, frame.size, now());
    }
    client.peer.queue_text(R"({"type":"ack","requestId":")" + std::string(request) + "\"}");
    if (frame.head.find(R"("type":"subscribe")") != std::string_view::npos) {
        commanded_ = &client;
        commands_channel_ = member(frame.head, "channel");
        return;
    }
    const bool backlog = frame.head.find("/backlog") != std::string_view::npos;
    log_.frame(backlog ? FrameLog::Kind::backlog : FrameLog::Kind::other_publish, frame.size, now());
    if (backlog && record_) record_->add(client.peer.payload());
    backlog_frames_ += backlog ? 1 : 0;
    if (!next_command_ && arguments_.commands > 0 && backlog_frames_ >= arguments_.commands_after)
        next_command_ = now();
}

/// At random moments, so that they meet the client in every state, but one after the other has been carried out.
void CountingService::send_due_command() {
    if (!next_command_ || !commanded_ || now() < *next_command_) return;
    const std::string number = std::to_string(++commands_sent_);
    commanded_->peer.queue_text(R"({"type":"message","channel":")" + commands_channel_ +
                                R"(","from":"bench","data":{"type":"write","id":"bench-)" + number + R"(","sensor":")" +
                                arguments_.sensor + R"(","point":")" + arguments_.point + R"(","value":)" + number +
                                "}}");
    log_.command(commands_sent_, now());
    commanded_->peer.flush();
    std::exponential_distribution<double> gap(1 / (1 / arguments_.commands_a_second - kLeastGap));
    next_command_ = commands_sent_ < arguments_.commands ? now() + in_seconds(kLeastGap + gap(random_)) : kNever;
}

}  // namespace
}  // namespace fieldlink

int main(int argc, char** argv) try {
    fieldlink::Arguments arguments;
    CLI::App app("A service that welcomes, acks and counts, for benchmarks");
    app.add_option("--rate", arguments.rate, "frames a second and connection, over which it closes with 4011; 0: any")
        ->capture_default_str();
    app.add_option("--burst", arguments.burst)->capture_default_str();
    app.add_option("--record", arguments.record, "writes the backlog's frames into this file");
    app.add_option("--commands", arguments.commands, "writes that it sends")->capture_default_str();
    app.add_option("--commands-a-second", arguments.commands_a_second, "on average, at random moments; below 30")
        ->capture_default_str();
    app.add_option("--commands-after", arguments.commands_after, "so many frames of the backlog")
        ->capture_default_str();
    app.add_option("--sensor", arguments.sensor)->capture_default_str();
    app.add_option("--point", arguments.point, "is set to 1, 2, 3 …")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    fieldlink::CountingService(arguments).run();
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "counting_service: %s\n", error.what());
    return 1;
}
