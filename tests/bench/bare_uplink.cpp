// What publishing costs with nothing around it: websocketpp, frames that lie in memory, and the window of the gateway
// (64 publishes, 1 MiB). Prints how long it took from the first frame to the last ack.
//
// As it is, websocketpp copies, checks and masks each frame byte by byte. With --masked the program does that itself, a
// word at a time, as fast as websocketpp lets it.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <deque>
#include <exception>
#include <random>
#include <string>
#include <vector>
#include <websocketpp/client.hpp>
#include <websocketpp/concurrency/none.hpp>
#include <websocketpp/config/asio_no_tls_client.hpp>
#include <websocketpp/logger/stub.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "tests/bench/frame_log.hpp"

namespace fieldlink {
namespace {

namespace ws = websocketpp;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxPublishes = 64, kMaxBytes = 1024 * 1024;

struct Settings : ws::config::asio_client {
    using type = Settings;
    using concurrency_type = ws::concurrency::none;
    using alog_type = ws::log::stub;
    using elog_type = ws::log::stub;
    static const bool enable_multithreading = false;
    struct transport_config : ws::config::asio_client::transport_config {
        using concurrency_type = type::concurrency_type;
        using alog_type = type::alog_type;
        using elog_type = type::elog_type;
        static const bool enable_multithreading = false;
    };
    using transport_type = ws::transport::asio::endpoint<transport_config>;
};

class BareUplink {
public:
    BareUplink(std::vector<std::string> frames, bool masked) : frames_(std::move(frames)), masked_(masked) {
        client_.init_asio();
    }

    void run(const std::string& url) {
        ws::lib::error_code error;
        connection_ = client_.get_connection(url, error);
        if (error) throw std::runtime_error(error.message());
        connection_->set_tcp_pre_init_handler([this](const ws::connection_hdl&) { tune(); });
        connection_->set_message_handler(
            [this](const ws::connection_hdl&, const Message& message) { on_text(message->get_payload()); });
        client_.connect(connection_);
        client_.run();
        if (acked_ != frames_.size()) throw std::runtime_error("the connection was lost");
    }

private:
    using Client = ws::client<Settings>;
    using Message = Client::message_ptr;

    void tune() {
        const int on = 1;
        ::setsockopt(connection_->get_raw_socket().native_handle(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }

    void on_text(const std::string& text) {
        if (text.find(R"("type":"welcome")") != std::string::npos) start_ = Clock::now();
        if (text.find(R"("type":"ack")") != std::string::npos) on_ack(text);
        while (sent_ < frames_.size() && has_room()) {
            send(frames_[sent_]);
            under_way_bytes_ += frames_[sent_++].size();
        }
    }

    /// Acks come in order; each must name the request that it is for.
    void on_ack(const std::string& text) {
        constexpr std::string_view kRequest = R"("requestId":)";
        const auto id = text.substr(text.find(kRequest), text.find('}') - text.find(kRequest));
        const std::string& frame = frames_[acked_];
        if (frame.compare(frame.size() - id.size() - 1, id.size(), id) != 0)
            throw std::runtime_error("an ack for another frame");
        under_way_bytes_ -= frame.size();
        if (++acked_ == frames_.size()) finish();
    }

    bool has_room() const {
        const std::size_t under_way = sent_ - acked_;
        return under_way == 0 || (under_way < kMaxPublishes && under_way_bytes_ + frames_[sent_].size() <= kMaxBytes);
    }

    void send(const std::string& frame) {
        if (!masked_) {
            check(connection_->send(frame, ws::frame::opcode::text));
            return;
        }
        const Message message = connection_->get_message(ws::frame::opcode::text, 0);
        std::string& payload = message->get_raw_payload();
        payload = frame;
        const ws::frame::masking_key_type key{static_cast<std::uint32_t>(random_())};
        message->set_header(
            ws::frame::prepare_header(ws::frame::basic_header(ws::frame::opcode::text, payload.size(), true, true),
                                      ws::frame::extended_header(payload.size(), key.i)));
        ws::frame::word_mask_exact(reinterpret_cast<std::uint8_t*>(payload.data()), payload.size(), key);
        message->set_prepared(true);
        check(connection_->send(message));
    }

    static void check(const ws::lib::error_code& error) {
        if (error) throw std::runtime_error(error.message());
    }

    void finish() {
        const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
        std::printf("{\"frames\":%zu,\"seconds\":%.6f}\n", frames_.size(), seconds);
        ws::lib::error_code ignored;
        connection_->close(ws::close::status::normal, "", ignored);
        client_.stop();
    }

    std::vector<std::string> frames_;
    bool masked_;
    Client client_;
    Client::connection_ptr connection_;
    std::mt19937 random_{1};
    Clock::time_point start_;
    std::size_t sent_ = 0, acked_ = 0, under_way_bytes_ = 0;
};

}  // namespace
}  // namespace fieldlink

int main(int argc, char** argv) try {
    std::string url, frames;
    bool masked = false;
    CLI::App app("A bare websocketpp loop, to compare the gateway's uplink with");
    app.add_option("url", url, "of counting_service")->required();
    app.add_option("frames", frames, "as counting_service --record wrote them")->required();
    app.add_flag("--masked", masked, "masks a word at a time instead of leaving it to websocketpp");
    CLI11_PARSE(app, argc, argv);
    fieldlink::BareUplink(fieldlink::FrameFile::read(frames), masked).run(url + "/v1?key=bench");
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "bare_uplink: %s\n", error.what());
    return 1;
}
