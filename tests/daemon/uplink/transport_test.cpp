#include "daemon/uplink/transport.hpp"

#include <gmock/gmock.h>

#include "real_loop.hpp"
#include "recording_listener.hpp"
#include "route_at.hpp"
#include "websocket_server.hpp"

namespace fieldlink::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class TransportTest : public ::testing::Test {
protected:
    std::string url(const std::string& host = "127.0.0.1") const {
        return "ws://" + host + ":" + std::to_string(server->port()) + "/v1?token=geheim%2B";
    }

    void open() {
        transport->open(url(), listener);
        run_until(io, [this] { return listener.opened == 1 && server->open == 1; });
    }

    boost::asio::io_context io;
    std::unique_ptr<WebsocketServer> server = make_plain_server(io);
    RecordingListener listener;
    std::unique_ptr<Transport> transport = make_websocket_transport(io, true_route());
};

TEST_F(TransportTest, CarriesTextBothWays) {
    open();
    EXPECT_THAT(server->resources, ElementsAre("/v1?token=geheim%2B"));
    EXPECT_EQ(transport->send(R"({"type":"ping"})"), Transport::Sent::queued);
    EXPECT_EQ(transport->send(std::string(500'000, 'x')), Transport::Sent::queued);
    server->send(R"({"type":"pong"})");
    server->send_binary("abc");

    run_until(io, [this] { return server->texts.size() == 2 && listener.binaries.size() == 1; });

    EXPECT_EQ(server->texts[1].size(), 500'000u);
    EXPECT_THAT(listener.texts, ElementsAre(R"({"type":"pong"})"));
    EXPECT_THAT(listener.binaries, ElementsAre(3));
    run_until(io, [this] { return transport->unsent_bytes() == 0; });
}

TEST_F(TransportTest, MasksFramesOfEveryLengthSoThatTheyArriveAsTheyWere) {
    open();
    std::vector<std::string> sent;
    for (const std::size_t size : {1u, 7u, 8u, 9u, 125u, 126u, 127u, 4'093u, 65'535u, 65'536u, 65'537u}) {
        std::string text;
        for (std::size_t i = 0; i < size; ++i)
            text += static_cast<char>('a' + (i * 7 + size) % 26);
        sent.push_back(text);
    }
    sent.emplace_back("21.5 °C, 22 Ω and \xF0\x9D\x84\x9E");
    for (const std::string& text : sent)
        EXPECT_EQ(transport->send(text), Transport::Sent::queued);

    run_until(io, [this, &sent] { return server->texts.size() == sent.size(); });

    EXPECT_EQ(server->texts, sent);
}

TEST_F(TransportTest, ReportsTheServicesCloseCode) {
    open();
    server->close(4002, "token expired");
    run_until(io, [this] { return !listener.closes.empty(); });
    EXPECT_THAT(listener.closes, ElementsAre(std::make_pair(4002, std::string("token expired"))));
    EXPECT_EQ(transport->send("{}"), Transport::Sent::not_open);
}

TEST_F(TransportTest, ReportsALostConnectionAs1006) {
    open();
    server->cut();
    run_until(io, [this] { return !listener.closes.empty(); });
    EXPECT_EQ(listener.closes[0].first, 1006);
}

TEST_F(TransportTest, ClosesWithTheCodeThatItIsGiven) {
    open();
    transport->close(4000, "");
    run_until(io, [this] { return !listener.closes.empty() && !server->close_codes.empty(); });
    EXPECT_THAT(server->close_codes, ElementsAre(4000));
}

TEST_F(TransportTest, ReportsTheStatusOfARefusedUpgradeWithoutTheCredential) {
    server->refuse_with = 429;
    transport->open(url(), listener);
    run_until(io, [this] { return !listener.failures.empty(); });
    EXPECT_EQ(listener.failures[0].http_status, 429);
    EXPECT_EQ(listener.failures[0].retry_after, "7");
    EXPECT_THAT(listener.failures[0].text, Not(HasSubstr("geheim")));
}

TEST_F(TransportTest, ReportsThatNobodyListens) {
    transport->open("ws://127.0.0.1:1/v1?token=geheim", listener);
    run_until(io, [this] { return !listener.failures.empty(); });
    EXPECT_EQ(listener.failures[0].http_status, 0);
    EXPECT_THAT(listener.failures[0].text, HasSubstr("refused"));
    EXPECT_THAT(listener.failures[0].text, Not(HasSubstr("geheim")));
}

TEST_F(TransportTest, ReportsAUrlThatIsNone) {
    transport->open("nonsense geheim", listener);
    EXPECT_TRUE(listener.failures.empty()) << "reported from inside open()";
    run_until(io, [this] { return !listener.failures.empty(); });
    EXPECT_THAT(listener.failures[0].text, Not(HasSubstr("geheim")));
}

TEST_F(TransportTest, DropsAServiceThatSendsMoreThanAMegabyteAtOnce) {
    open();
    server->send(std::string(1024 * 1024 + 1, 'x'));
    run_until(io, [this] { return !listener.closes.empty(); });
    EXPECT_EQ(listener.closes[0].first, 1006);
    EXPECT_TRUE(listener.texts.empty());
}

TEST_F(TransportTest, RefusesToSendWhatIsNotUtf8AndGoesOn) {
    open();
    EXPECT_EQ(transport->send("\xff"), Transport::Sent::not_sendable);
    EXPECT_EQ(transport->send("fine"), Transport::Sent::queued);
    run_until(io, [this] { return server->texts.size() == 1; });
}

TEST_F(TransportTest, ReportsNothingOfAConnectionThatWasReplaced) {
    RecordingListener first;
    transport->open(url(), first);
    transport->open(url(), listener);
    run_until(io, [this] { return listener.opened == 1; });
    EXPECT_FALSE(first.heard_anything());
}

TEST_F(TransportTest, ReportsNothingOnceDroppedWhileOpen) {
    open();
    server->send("late");
    transport->drop();
    run_until(io, [this] { return !server->close_codes.empty(); });
    EXPECT_TRUE(listener.texts.empty());
    EXPECT_TRUE(listener.closes.empty());
}

TEST_F(TransportTest, NeverLogsInAfterItWasDestroyedWhileConnecting) {
    transport->open(url("localhost"), listener);
    transport.reset();
    RecordingListener another;
    transport = make_websocket_transport(io, true_route());
    transport->open(url(), another);
    run_until(io, [&another] { return another.opened == 1; });
    EXPECT_FALSE(listener.heard_anything());
    EXPECT_EQ(server->open, 1u);
}

}  // namespace
}  // namespace fieldlink::test
