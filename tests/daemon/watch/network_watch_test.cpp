#include "daemon/watch/network_watch.hpp"

#include <cstdlib>
#include <memory>
#include <vector>

#include <gmock/gmock.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "forbidden.hpp"
#include "real_loop.hpp"

namespace fieldlink::test {
namespace {

using std::chrono::steady_clock;
using ::testing::HasSubstr;

/// `ip ARGUMENTS` in the namespace of this thread.
void ip(const std::string& arguments) {
    ASSERT_EQ(std::system(("ip " + arguments).c_str()), 0) << arguments;
}

/// A network of the test's own, in which there is only a loopback.
class NetworkWatchTest : public ::testing::Test {
protected:
    void SetUp() override {
        if (::unshare(CLONE_NEWNET) != 0) GTEST_SKIP() << "needs root, for a network namespace of its own";
        ip("link set lo up");
        watcher = std::make_unique<NetworkWatch>(io, [this] { calls.push_back(steady_clock::now()); });
    }

    void expect_call() {
        const std::size_t before = calls.size();
        run_until(io, [&] { return calls.size() > before; });
    }

    /// What was told already must be told for sure before the next thing happens.
    void let_quiet_pass() { io.run_for(NetworkWatch::kQuiet + std::chrono::milliseconds(200)); }

    boost::asio::io_context io;
    std::vector<steady_clock::time_point> calls;
    std::unique_ptr<NetworkWatch> watcher;
};

TEST_F(NetworkWatchTest, SaysThatAnAddressCameAndWent) {
    ip("address add 192.0.2.7/32 dev lo");
    expect_call();
    ip("address del 192.0.2.7/32 dev lo");
    expect_call();
}

TEST_F(NetworkWatchTest, SaysThatAnIpv6AddressCame) {
    ip("address add 2001:db8::7/128 dev lo nodad");
    expect_call();
}

TEST_F(NetworkWatchTest, SaysThatThereIsARoute) {
    ip("route add 198.51.100.0/24 dev lo");
    expect_call();
}

TEST_F(NetworkWatchTest, SaysThatALinkCameUp) {
    ip("link set lo down");
    expect_call();  // its addresses went
    let_quiet_pass();
    calls.clear();
    ip("link set lo mtu 1500");
    let_quiet_pass();
    EXPECT_TRUE(calls.empty()) << "a link that stays down is no news";
    ip("link set lo up");
    expect_call();
}

TEST_F(NetworkWatchTest, SaysTheFirstAtOnceAndThenAtMostOneASecond) {
    for (int i = 1; i <= 100; ++i)
        ip("address add 192.0.2." + std::to_string(i) + "/32 dev lo");
    expect_call();
    ip("address add 198.51.100.1/32 dev lo");
    expect_call();
    ip("address add 198.51.100.2/32 dev lo");
    expect_call();
    ASSERT_EQ(calls.size(), 3u);
    EXPECT_GE(calls[1] - calls[0], NetworkWatch::kQuiet);
    EXPECT_GE(calls[2] - calls[1], NetworkWatch::kQuiet);
}

TEST_F(NetworkWatchTest, SaysSoWhenTheKernelHadMoreToTellThanTheSocketHolds) {
    ASSERT_EQ(std::system("for i in $(seq 1 250); do for j in 1 2 3 4; do echo address add 10.$j.0.$i/32 dev lo;"
                          " done; done | ip -batch -"),
              0);
    expect_call();
    let_quiet_pass();
    const std::size_t before = calls.size();
    ip("address add 198.51.100.1/32 dev lo");
    expect_call();
    EXPECT_EQ(calls.size(), before + 1) << "it goes on after that";
}

TEST_F(NetworkWatchTest, SaysNothingOnceItIsGone) {
    ip("address add 192.0.2.7/32 dev lo");
    watcher.reset();
    io.run_for(std::chrono::milliseconds(100));
    EXPECT_TRUE(calls.empty());
}

TEST(NetworkWatch, GoesOnWithoutNetlinkAndSaysWhatIsMissing) {
    boost::asio::io_context io;
    std::unique_ptr<NetworkWatch> watch;
    ::testing::internal::CaptureStderr();
    where_forbidden(SYS_socket, AF_NETLINK, EAFNOSUPPORT,
                    [&] { watch = std::make_unique<NetworkWatch>(io, [] { FAIL() << "there is nothing to tell"; }); });
    io.run_for(std::chrono::milliseconds(50));
    EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("AF_NETLINK"));
}

}  // namespace
}  // namespace fieldlink::test
