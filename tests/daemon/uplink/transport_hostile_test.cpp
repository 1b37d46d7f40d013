#include <gmock/gmock.h>

#include "daemon/uplink/transport.hpp"
#include "raw_server.hpp"
#include "raw_websocket.hpp"
#include "real_loop.hpp"
#include "recording_listener.hpp"
#include "route_at.hpp"

namespace fieldlink::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::size_t kMebibyte = 1024 * 1024;

/// Against a server that does what no server should.
class HostileServerTest : public ::testing::Test {
protected:
    void ask() {
        server.received.clear();
        transport->open("ws://127.0.0.1:" + server.port() + "/v1?token=geheim", listener);
        run_until(io, [this] { return server.accepted() && server.received.find("\r\n\r\n") != std::string::npos; });
    }

    void open() {
        ask();
        server.say(upgrade_answer(server.received));
        run_until(io, [this] { return listener.opened == 1; });
    }

    OpenFailure failure_after(const std::string& answer, bool ends = false) {
        ask();
        if (!answer.empty()) server.say(answer);
        if (ends) server.end();
        run_until(io, [this] { return !listener.failures.empty(); });
        EXPECT_EQ(listener.failures[0].fault, OpenFault::none);
        EXPECT_THAT(listener.failures[0].text, Not(HasSubstr("geheim")));
        run_until(io, [this] { return server.ended; });
        return listener.failures[0];
    }

    int code_after(const std::string& bytes) {
        open();
        server.say(bytes);
        run_until(io, [this] { return !listener.closes.empty(); });
        return listener.closes[0].first;
    }

    boost::asio::io_context io;
    RawServer server{io};
    RecordingListener listener;
    std::unique_ptr<Transport> transport = make_websocket_transport(io, true_route());
};

TEST_F(HostileServerTest, TellsTheStepsInOrder) {
    open();
    EXPECT_THAT(listener.steps, ElementsAre(OpenStep::connecting, OpenStep::upgrading));
    EXPECT_FALSE(transport->certificate_ends());
}

TEST_F(HostileServerTest, SaysTheStatusOfACaptivePortal) {
    EXPECT_EQ(failure_after("HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n<html>log in</html>").http_status, 200);
}

TEST_F(HostileServerTest, SaysTheStatusOfARedirectAndDoesNotFollowIt) {
    EXPECT_EQ(failure_after("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n").http_status, 302);
}

TEST_F(HostileServerTest, HandsOnRetryAfter) {
    const OpenFailure failure = failure_after("HTTP/1.1 503 Later\r\nRetry-After: 17\r\n\r\n");
    EXPECT_EQ(failure.http_status, 503);
    EXPECT_EQ(failure.retry_after, "17");
}

TEST_F(HostileServerTest, TakesGarbageForNoUpgrade) {
    const OpenFailure failure = failure_after("\x01\x02SSH-2.0-Open\r\n\r\n");
    EXPECT_EQ(failure.http_status, 0);
    EXPECT_THAT(failure.text, HasSubstr("no upgrade"));
}

TEST_F(HostileServerTest, DoesNotCollectAnEndlessHeader) {
    const OpenFailure failure = failure_after("HTTP/1.1 101 Go\r\nX: " + std::string(100'000, 'x'));
    EXPECT_EQ(failure.http_status, 0);
}

TEST_F(HostileServerTest, TakesAnUpgradeWithTheWrongKeyForNone) {
    const OpenFailure failure = failure_after(upgrade_answer("Sec-WebSocket-Key: wrong\r\n"));
    EXPECT_EQ(failure.http_status, 0);
    EXPECT_THAT(failure.text, HasSubstr("no upgrade"));
}

TEST_F(HostileServerTest, SaysThatTheServerEndedInsteadOfAnswering) {
    EXPECT_THAT(failure_after("", true).text, HasSubstr("ended"));
}

TEST_F(HostileServerTest, SaysThatTheServerResetInsteadOfAnswering) {
    ask();
    server.reset();
    run_until(io, [this] { return !listener.failures.empty(); });
    EXPECT_THAT(listener.failures[0].text, HasSubstr("reset"));
}

TEST_F(HostileServerTest, UnderstandsBytesThatComeOneByOne) {
    ask();
    for (const char c : upgrade_answer(server.received) + frame(kText, "slow") + frame(kBinary, "abc")) {
        server.say(std::string(1, c));
        run_until(io, [before = io.run_one()] { return before > 0; });
    }
    run_until(io, [this] { return listener.binaries.size() == 1; });
    EXPECT_EQ(listener.opened, 1u);
    EXPECT_THAT(listener.texts, ElementsAre("slow"));
}

TEST_F(HostileServerTest, UnderstandsFramesThatComeWithTheUpgrade) {
    ask();
    server.say(upgrade_answer(server.received) + frame(kText, "one") + frame(kText, "two"));
    run_until(io, [this] { return listener.texts.size() == 2; });
    EXPECT_THAT(listener.texts, ElementsAre("one", "two"));
}

TEST_F(HostileServerTest, PutsFragmentsTogether) {
    open();
    server.say(frame(kText, "frag", false) + frame(kPing, "hi") + frame(kContinuation, "men", false) +
               frame(kContinuation, "ted"));
    run_until(io, [this] { return listener.texts.size() == 1; });
    EXPECT_EQ(listener.texts[0], "fragmented");
}

TEST_F(HostileServerTest, TakesAMessageOfAMebibyte) {
    open();
    server.say(frame(kText, std::string(kMebibyte / 2, 'x'), false));
    server.say(frame(kContinuation, std::string(kMebibyte / 2, 'x')));
    run_until(io, [this] { return listener.texts.size() == 1; });
    EXPECT_EQ(listener.texts[0].size(), kMebibyte);
}

TEST_F(HostileServerTest, DropsFragmentsThatTogetherAreLonger) {
    const std::string half(kMebibyte / 2, 'x');
    EXPECT_EQ(code_after(frame(kText, half, false) + frame(kContinuation, half, false) + frame(kContinuation, "x")),
              1006);
    EXPECT_TRUE(listener.texts.empty());
}

TEST_F(HostileServerTest, DropsAFrameThatSaysItIsEnormous) {
    EXPECT_EQ(code_after(frame(kBinary, "").substr(0, 1) + "\x7F" + std::string("\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8)),
              1006);
}

TEST_F(HostileServerTest, DropsTextThatIsNotUtf8AndMaskedFramesAndUnknownOnes) {
    for (const std::string& bytes :
         {frame(kText, "\xFF\xFF"), std::string("\x81\x80\x01\x02\x03\x04"), frame(3, "x")}) {
        listener = {};
        EXPECT_EQ(code_after(bytes), 1006);
    }
}

TEST_F(HostileServerTest, EndsWhatTheServerClosesButDoesNotEnd) {
    open();
    server.say(frame(kClose, std::string("\x0F\xA2", 2) + "token expired"));
    run_until(io, [this] { return !listener.closes.empty(); });
    EXPECT_THAT(listener.closes, ElementsAre(std::make_pair(4002, std::string("token expired"))));
    run_until(io, [this] { return server.ended; });
}

TEST_F(HostileServerTest, AnswersACloseFrameEvenIfTheEndComesWithIt) {
    open();
    server.received.clear();
    server.say(frame(kClose, std::string("\x0F\xA2", 2)));
    server.end();
    run_until(io, [this] { return !listener.closes.empty() && server.ended; });
    EXPECT_EQ(server.received.substr(0, 2), "\x88\x82");
}

TEST_F(HostileServerTest, IsNotWaitedForWhenItDoesNotAnswerACloseFrame) {
    open();
    transport->close(4000, "");
    run_until(io, [this] { return !listener.closes.empty(); });
    EXPECT_EQ(listener.closes[0].first, 1006);
    EXPECT_EQ(transport->send("{}"), Transport::Sent::not_open);
}

TEST_F(HostileServerTest, MayBeDroppedInEachOfItsReports) {
    for (const OpenStep step : {OpenStep::connecting, OpenStep::upgrading}) {
        listener = {};
        listener.at_step = [this, step](OpenStep begun) {
            if (begun == step) transport->drop();
        };
        transport->open("ws://127.0.0.1:" + server.port() + "/v1?token=geheim", listener);
        run_until(io, [this, step] { return !listener.steps.empty() && listener.steps.back() == step; });
        EXPECT_FALSE(listener.opened_or_failed());
    }
    listener = {};
    open();
    listener.at_text = [this] { transport.reset(); };
    server.say(frame(kText, "one") + frame(kText, std::string(40'000, 'x')));
    run_until(io, [this] { return server.ended; });
    EXPECT_THAT(listener.texts, ElementsAre("one"));
    EXPECT_TRUE(listener.closes.empty());
}

TEST_F(HostileServerTest, MayBeOpenedAnewFromTheReportOfAFailure) {
    listener.at_failure = [this] {
        if (listener.failures.size() == 1) transport->open("ws://127.0.0.1:" + server.port() + "/v1", listener);
    };
    transport->open("ws://127.0.0.1:1/v1?token=geheim", listener);
    run_until(io, [this] { return server.accepted() && !server.received.empty(); });
    server.say(upgrade_answer(server.received));
    run_until(io, [this] { return listener.opened == 1; });
    EXPECT_EQ(listener.failures[0].fault, OpenFault::connect);
}

}  // namespace
}  // namespace fieldlink::test
