#include "daemon/net/byte_stream.hpp"

#include <thread>

#include <gmock/gmock.h>
#include <poll.h>
#include <sys/socket.h>

#include "raw_server.hpp"
#include "real_loop.hpp"
#include "route_at.hpp"
#include "test_names.hpp"

namespace fieldlink::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// No server of names is asked for a label of 64 letters: there cannot be one.
const std::string kNoName(64, 'a');

struct RecordingListener final : ByteStream::Listener {
    void on_step(OpenStep step) override { steps.push_back(step); }
    void on_connected() override { connected = true; }
    void on_bytes(std::string_view bytes) override {
        received.append(bytes);
        if (dropped_by_bytes) dropped_by_bytes->reset();
    }
    void on_unreached(OpenFault why, const std::string& said) override {
        fault = why;
        text = said;
    }
    void on_end(const std::string& said) override {
        ended = true;
        text = said;
    }

    std::vector<OpenStep> steps;
    bool connected = false, ended = false;
    std::string received, text;
    OpenFault fault = OpenFault::none;
    std::unique_ptr<ByteStream>* dropped_by_bytes = nullptr;
};

class ByteStreamTest : public ::testing::Test {
protected:
    void start(const std::string& host = "127.0.0.1") {
        stream = std::make_unique<ByteStream>(io, "http://" + host + ":" + server.port(), route, last, listener);
    }

    void connect(const std::string& host = "127.0.0.1") {
        start(host);
        run_until(io, [this] { return listener.connected && server.accepted(); });
    }

    /// What is ready happens.
    void settle() {
        for (int i = 0; i < 20; ++i) {
            io.restart();
            io.poll();
        }
    }

    boost::asio::io_context io;
    RawServer server{io};
    Route route = true_route();
    LastAddress last;
    RecordingListener listener;
    std::unique_ptr<ByteStream> stream;
};

TEST_F(ByteStreamTest, CarriesBytesBothWays) {
    connect();
    EXPECT_THAT(listener.steps, ElementsAre(OpenStep::connecting));
    stream->write("to ");
    stream->write("you");
    server.say("to me");
    run_until(io, [this] { return server.received == "to you" && listener.received == "to me"; });
    run_until(io, [this] { return stream->unsent_bytes() == 0; });
}

TEST_F(ByteStreamTest, SendsWhatWasWrittenBeforeItWasConnected) {
    start();
    stream->write("early");
    run_until(io, [this] { return server.received == "early"; });
}

TEST_F(ByteStreamTest, SaysNothingFromInsideItsConstructor) {
    start();
    EXPECT_THAT(listener.steps, IsEmpty());
}

TEST_F(ByteStreamTest, TellsTheOtherSidesEndAfterItsLastBytes) {
    connect();
    server.say("farewell");
    server.end();
    run_until(io, [this] { return listener.ended; });
    EXPECT_EQ(listener.received, "farewell");
    EXPECT_EQ(listener.text, "");
}

TEST_F(ByteStreamTest, SaysWhyAConnectionWasLost) {
    connect();
    server.reset();
    run_until(io, [this] { return listener.ended; });
    EXPECT_THAT(listener.text, HasSubstr("reset by peer"));
}

TEST_F(ByteStreamTest, FindsTheEndEvenIfItWritesFirst) {
    connect();
    server.reset();
    stream->write("x");
    run_until(io, [this] { return listener.ended; });
}

TEST_F(ByteStreamTest, BlocksNothingAndCountsWhatThePeerDoesNotRead) {
    server.reads = false;
    connect();
    const std::string much(20'000'000, 'x');
    stream->write(much);
    run_until(io, [this, before = std::size_t{0}, polls = 0]() mutable {
        polls = stream->unsent_bytes() == before ? polls + 1 : 0;
        before = stream->unsent_bytes();
        return polls >= 5;  // the kernel takes no more
    });
    EXPECT_GT(stream->unsent_bytes(), 10'000'000u);
    EXPECT_FALSE(listener.ended);
}

TEST_F(ByteStreamTest, DoesNotReadForAPeerThatDoesNotAndGoesOnWhenItDoes) {
    server.reads = false;
    connect();
    stream->write(std::string(20'000'000, 'x'));
    settle();
    server.say("are you there?");
    settle();
    EXPECT_EQ(listener.received, "");
    server.start_reading();
    run_until(io, [this] { return server.received.size() == 20'000'000 && listener.received == "are you there?"; });
}

/// Sends so much as fast as it is taken.
void flood(int socket, std::size_t bytes) {
    const std::string block(1024 * 1024, 'x');
    while (bytes > 0) {
        pollfd ready{socket, POLLOUT, 0};
        ::poll(&ready, 1, -1);
        const ssize_t sent = ::send(socket, block.data(), std::min(bytes, block.size()), MSG_NOSIGNAL);
        if (sent > 0) bytes -= static_cast<std::size_t>(sent);
    }
}

TEST_F(ByteStreamTest, TakesNoMoreThan64KiBOfAFloodInATurn) {
    connect();
    constexpr std::size_t kFlood = 256 * 1024 * 1024;
    std::thread flooding(flood, server.native(), kFlood);
    std::size_t most = 0, received = 0;
    while (received < kFlood) {
        listener.received.clear();
        ASSERT_EQ(io.run_one_for(std::chrono::seconds(30)), 1u);
        received += listener.received.size();
        most = std::max(most, listener.received.size());
    }
    flooding.join();
    EXPECT_LE(most, 64u * 1024);
}

TEST_F(ByteStreamTest, MayBeDestroyedByTheOneWhoGetsItsBytes) {
    connect();
    listener.dropped_by_bytes = &stream;
    server.say("enough");
    run_until(io, [this] { return !stream && server.ended; });
    EXPECT_EQ(listener.received, "enough");
    EXPECT_FALSE(listener.ended);
}

TEST_F(ByteStreamTest, MayBeDestroyedAfterAnyTurn) {
    for (int turns = 0; turns < 12; ++turns) {
        listener = {};
        start("localhost");
        for (int i = 0; i < turns; ++i)
            io.run_one_for(std::chrono::milliseconds(1));
        stream.reset();
        const std::size_t steps = listener.steps.size();
        const bool connected = listener.connected;
        settle();
        EXPECT_EQ(listener.steps.size(), steps);
        EXPECT_EQ(listener.connected, connected);
        EXPECT_FALSE(listener.ended);
        EXPECT_EQ(listener.fault, OpenFault::none);
    }
}

TEST_F(ByteStreamTest, SaysThatANameCannotBeResolved) {
    start(kNoName);
    run_until(io, [this] { return listener.fault != OpenFault::none; });
    EXPECT_EQ(listener.fault, OpenFault::resolve);
    EXPECT_THAT(listener.steps, IsEmpty());
}

TEST_F(ByteStreamTest, GoesToTheLastGoodAddressAfterANameWasNotResolvedAndThenAsksAgain) {
    last.reached(kNoName + ":" + server.port(), "127.0.0.1");
    start(kNoName);
    run_until(io, [this] { return listener.fault == OpenFault::resolve; });
    listener = {};
    connect(kNoName);
    listener = {};
    start(kNoName);
    run_until(io, [this] { return listener.fault == OpenFault::resolve; });
}

TEST_F(ByteStreamTest, GoesToTheLastGoodAddressIfItWasGivenUpWhileResolving) {
    last.reached(kNoName + ":" + server.port(), "127.0.0.1");
    start(kNoName);
    stream.reset();
    connect(kNoName);
}

TEST_F(ByteStreamTest, GoesToTheLastGoodAddressOfThatServerOnly) {
    last.reached("another:" + server.port(), "127.0.0.1");
    last.not_resolved();
    start(kNoName);
    run_until(io, [this] { return listener.fault == OpenFault::resolve; });
}

TEST_F(ByteStreamTest, GoesToTheSecondAddressIfTheFirstRefuses) {
    connect("two.test");
    EXPECT_THAT(listener.steps, ElementsAre(OpenStep::connecting));
}

TEST_F(ByteStreamTest, NeitherBlocksNorReportsWhileANameIsNotResolvedAndEndsAtOnce) {
    const HangingNames names;
    start("hangs.test");
    run_until(io, [] { return HangingNames::hanging() == 1; });
    settle();
    EXPECT_THAT(listener.steps, IsEmpty());
    stream.reset();
    EXPECT_EQ(HangingNames::hanging(), 1u) << "its end has waited for the resolver";
    connect();
    EXPECT_EQ(listener.fault, OpenFault::none);
}

TEST_F(ByteStreamTest, RefusesAnOriginThatIsNone) {
    EXPECT_THROW(ByteStream(io, "https://", route, last, listener), std::runtime_error);
}

}  // namespace
}  // namespace fieldlink::test
