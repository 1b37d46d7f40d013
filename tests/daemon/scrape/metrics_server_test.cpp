#include "daemon/scrape/metrics_server.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <type_traits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http_client.hpp"

namespace fieldlink {
namespace {

using boost::asio::ip::tcp;
using std::chrono::milliseconds;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kMetrics = "# TYPE a gauge\na 1\n# EOF\n";
constexpr const char* kGet = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr const char* kLastGet = "GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

/// A server in a net thread of its own.
class MetricsServerTest : public testing::Test {
protected:
    ~MetricsServerTest() override {
        if (thread_.joinable()) on_net([this] { server_.reset(); });
        work_.reset();
        if (thread_.joinable()) thread_.join();
    }

    void serve(const std::string& listen = "127.0.0.1:0", const MetricsPatience& patience = MetricsPatience()) {
        server_.emplace(
            net_, listen, [] { return std::string(kMetrics); }, patience);
        thread_ = std::thread([this] { net_.run(); });
        port_ = port();
    }

    template <typename Work>
    std::invoke_result_t<Work> on_net(Work work) {
        std::packaged_task<std::invoke_result_t<Work>()> task(std::move(work));
        auto result = task.get_future();
        boost::asio::post(net_, [&task] { task(); });
        return result.get();
    }

    std::uint16_t port() {
        return on_net([this] { return server_->port(); });
    }

    std::string answer_to(const std::string& request) {
        HttpClient client(port_);
        client.send(request);
        return client.read_all();
    }

    boost::asio::io_context net_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{net_.get_executor()};
    std::optional<MetricsServer> server_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

TEST_F(MetricsServerTest, AnswersGetWithOpenMetrics) {
    serve();
    const std::string answer = answer_to(kLastGet);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(answer, HasSubstr("Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n"));
    EXPECT_THAT(answer, HasSubstr("Content-Length: 25\r\n"));
    EXPECT_THAT(answer, EndsWith(std::string("\r\n\r\n") + kMetrics));
}

TEST_F(MetricsServerTest, AnswersHeadWithoutABody) {
    serve();
    const std::string answer = answer_to("HEAD /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(answer, HasSubstr("Content-Length: 25\r\n"));
    EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
    EXPECT_THAT(answer, Not(HasSubstr("# EOF")));
}

TEST_F(MetricsServerTest, AnswersHttp10AndEndsTheConnection) {
    serve();
    EXPECT_THAT(answer_to("GET /metrics?a=b HTTP/1.0\r\n\r\n"),
                testing::AllOf(StartsWith("HTTP/1.0 200 OK\r\n"), EndsWith(kMetrics)));
}

TEST_F(MetricsServerTest, AnswersOneRequestAfterTheOtherOnOneConnection) {
    serve();
    HttpClient client(port_);
    for (int i = 0; i < 3; ++i) {
        client.send(kGet);
        EXPECT_THAT(client.read_metrics(), StartsWith("HTTP/1.1 200 OK\r\n"));
    }
}

TEST_F(MetricsServerTest, NamesTheRightPathToWhoeverAsksForAnother) {
    serve();
    for (const char* const path : {"/", "/metricsx", "/metrics/", "*"}) {
        const std::string answer = answer_to(std::string("GET ") + path + " HTTP/1.1\r\nConnection: close\r\n\r\n");
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 404 Not Found\r\n")) << path;
        EXPECT_THAT(answer, EndsWith("metrics are at /metrics\n")) << path;
    }
}

TEST_F(MetricsServerTest, RefusesOtherMethodsAndReadsNoBody) {
    serve();
    const std::string answer =
        answer_to("POST /metrics HTTP/1.1\r\nContent-Length: 40000\r\n\r\n" + std::string(40'000, 'x'));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 405 Method Not Allowed\r\n"));
    EXPECT_THAT(answer, HasSubstr("Allow: GET, HEAD\r\n"));
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
}

TEST_F(MetricsServerTest, RefusesGarbage) {
    serve();
    for (const std::string& bytes : {std::string("\x16\x03\x01\x02\x00\x01\r\n\r\n", 10), std::string("GET\r\n\r\n"),
                                     std::string("GET /metrics HTTP/9.9\r\n\r\n")})
        EXPECT_THAT(answer_to(bytes), StartsWith("HTTP/1.1 400 Bad Request\r\n")) << bytes;
    EXPECT_THAT(answer_to(kLastGet), EndsWith(kMetrics));
}

TEST_F(MetricsServerTest, RefusesAHeaderOfMoreThan8KiB) {
    serve();
    const std::string begin = "GET /metrics HTTP/1.1\r\nConnection: close\r\nX: ";
    EXPECT_THAT(answer_to(begin + std::string(8'000, 'x') + "\r\n\r\n"), StartsWith("HTTP/1.1 200 "));
    EXPECT_THAT(answer_to(begin + std::string(8'192, 'x') + "\r\n\r\n"), StartsWith("HTTP/1.1 431 "));
}

TEST_F(MetricsServerTest, CutsOffWhoDoesNotFinishARequest) {
    serve("127.0.0.1:0", {milliseconds(50), milliseconds(50)});
    EXPECT_EQ(answer_to("GET /metrics HTTP/1.1\r\nHo"), "");
}

TEST_F(MetricsServerTest, CutsOffWhoIsIdleBetweenRequests) {
    serve("127.0.0.1:0", {milliseconds(50), milliseconds(50)});
    std::string answer;
    while (answer.empty())  // while this machine is too slow to ask in time
        answer = answer_to(kGet);
    EXPECT_THAT(answer, EndsWith(kMetrics));
}

TEST_F(MetricsServerTest, ClosesTheNinthConnectionAndTakesAnotherOnceOneHasLeft) {
    serve();
    std::vector<std::unique_ptr<HttpClient>> clients;
    for (std::size_t i = 0; i < MetricsServer::kMaxConnections; ++i) {
        clients.push_back(std::make_unique<HttpClient>(port_));
        clients.back()->send(kGet);
        EXPECT_THAT(clients.back()->read_metrics(), EndsWith(kMetrics));
    }
    EXPECT_EQ(HttpClient(port_).read_all(), "");

    clients.pop_back();
    std::string answer;
    while (answer.empty())  // until the server has noticed
        answer = answer_to(kLastGet);
    EXPECT_THAT(answer, EndsWith(kMetrics));
    clients.front()->send(kGet);
    EXPECT_THAT(clients.front()->read_metrics(), EndsWith(kMetrics));
}

TEST_F(MetricsServerTest, ListensOnIpv6AndOnLocalhost) {
    serve("[::1]:0");
    HttpClient client(port_, "::1");
    client.send(kLastGet);
    EXPECT_THAT(client.read_all(), EndsWith(kMetrics));

    on_net([this] { server_.emplace(net_, "localhost:0", [] { return std::string(kMetrics); }); });
    port_ = port();
    EXPECT_THAT(answer_to(kLastGet), EndsWith(kMetrics));
}

TEST_F(MetricsServerTest, LogsOnceThatItCannotListenAndListensOnceItCan) {
    std::optional<tcp::acceptor> other(std::in_place, net_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    const std::string address = "127.0.0.1:" + std::to_string(other->local_endpoint().port());
    testing::internal::CaptureStderr();
    serve(address, {milliseconds(10'000), milliseconds(1)});
    EXPECT_EQ(port_, 0);

    on_net([&other] { other.reset(); });
    while (port_ == 0)
        port_ = port();
    EXPECT_THAT(answer_to(kLastGet), EndsWith(kMetrics));
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_THAT(log, HasSubstr("metrics.listen: cannot listen on " + address + ": Address already in use"));
    EXPECT_EQ(log.find("cannot listen"), log.rfind("cannot listen")) << log;
    EXPECT_THAT(log, HasSubstr("metrics.listen: now listens on " + address));
}

TEST_F(MetricsServerTest, EndsConnectionsWhenItIsDestroyedAndTheLoopGoesOn) {
    serve("127.0.0.1:0", {std::chrono::hours(1), std::chrono::hours(1)});
    HttpClient idle(port_), half(port_);
    idle.send(kGet);
    EXPECT_THAT(idle.read_metrics(), EndsWith(kMetrics));
    half.send("GET /met");

    on_net([this] { server_.reset(); });

    EXPECT_EQ(idle.read_all(), "");
    EXPECT_EQ(half.read_all(), "");
    on_net([] {});
}

}  // namespace
}  // namespace fieldlink
