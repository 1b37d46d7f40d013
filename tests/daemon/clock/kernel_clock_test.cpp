#include "daemon/clock/kernel_clock.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "private_bus.hpp"

namespace fieldlink {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using Local = boost::asio::local::stream_protocol;

/// What a kernel clock hears, where the kernel itself always says `otherwise`.
class KernelClockTest : public testing::Test {
protected:
    KernelClock& clock(bool otherwise, milliseconds deadline = hours(1), milliseconds often = hours(1)) {
        const auto fallback = [this, otherwise] {
            ++fallbacks_;
            return otherwise;
        };
        clock_.emplace(
            io_, [this](bool synchronised) { heard_.push_back(synchronised); },
            KernelClock::Options{deadline, often, hours(1), fallback});
        return *clock_;
    }

    bool hear_one(KernelClock& clock) {
        clock.start();
        while (heard_.empty())
            io_.run_one();
        return heard_.back();
    }

    void run_what_is_due() {
        while (io_.poll() > 0) {}
    }

    /// There is no bus at all.
    static void no_bus() { ::setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/fieldlink/bus", 1); }

    ~KernelClockTest() override { ::unsetenv("DBUS_SYSTEM_BUS_ADDRESS"); }

    boost::asio::io_context io_;
    std::vector<bool> heard_;
    int fallbacks_ = 0;
    std::optional<KernelClock> clock_;
};

TEST_F(KernelClockTest, IsToldByTimedateOnTheSystemBus) {
    for (const bool synchronised : {true, false}) {
        heard_.clear();
        test::PrivateBus bus;
        test::Timedate timedate(synchronised);
        EXPECT_EQ(hear_one(clock(!synchronised)), synchronised);
        EXPECT_EQ(timedate.asked(), 1u);
    }
    EXPECT_EQ(fallbacks_, 0);
}

TEST_F(KernelClockTest, AsksOnceHoweverOftenTheWallClockStepsMeanwhile) {
    test::PrivateBus bus;
    test::Timedate timedate(true);
    KernelClock& asking = clock(false);
    asking.start();
    for (int i = 0; i < 10; ++i)
        asking.ask_again();
    hear_one(asking);
    run_what_is_due();
    EXPECT_EQ(timedate.asked(), 1u);
    asking.ask_again();
    while (heard_.size() < 2)
        io_.run_one();
    EXPECT_EQ(timedate.asked(), 2u);
}

TEST_F(KernelClockTest, AsksTheKernelWhereThereIsNoTimedate) {
    test::PrivateBus bus;
    EXPECT_TRUE(hear_one(clock(true)));
    EXPECT_EQ(fallbacks_, 1);
}

TEST_F(KernelClockTest, AsksTheKernelWhereThereIsNoBus) {
    no_bus();
    EXPECT_FALSE(hear_one(clock(false)));
    EXPECT_EQ(fallbacks_, 1);
}

/// A bus that somebody listens on who is none.
class FalseBus {
public:
    explicit FalseBus(boost::asio::io_context& io) : acceptor_(io, Local::endpoint(path_)), peer_(io) {
        ::setenv("DBUS_SYSTEM_BUS_ADDRESS", ("unix:path=" + path_).c_str(), 1);
    }
    ~FalseBus() { std::filesystem::remove(path_); }

    void hang_up_on_whoever_comes() {
        acceptor_.async_accept(peer_, [this](boost::system::error_code) { peer_.close(); });
    }

private:
    std::string path_ = std::filesystem::temp_directory_path() / ("fieldlink-false-bus-" + std::to_string(::getpid()));
    Local::acceptor acceptor_;
    Local::socket peer_;
};

TEST_F(KernelClockTest, DoesNotWaitForABusThatNeverAnswers) {
    FalseBus bus(io_);
    EXPECT_TRUE(hear_one(clock(true, milliseconds(50))));
    EXPECT_EQ(fallbacks_, 1);
}

TEST_F(KernelClockTest, AsksTheKernelWhenTheBusHangsUp) {
    FalseBus bus(io_);
    bus.hang_up_on_whoever_comes();
    EXPECT_TRUE(hear_one(clock(true)));
    EXPECT_EQ(fallbacks_, 1);
}

TEST_F(KernelClockTest, IsAskedOftenOnlyUntilItIsSynchronised) {
    no_bus();
    hear_one(clock(true, hours(1), milliseconds(0)));
    run_what_is_due();
    EXPECT_EQ(heard_, std::vector<bool>{true});
}

TEST_F(KernelClockTest, IsAskedSeldomAfterALongTimeInVain) {
    no_bus();
    KernelClock& asking = clock(false, hours(1), milliseconds(0));
    hear_one(asking);
    run_what_is_due();
    EXPECT_EQ(heard_.size(), 21u);
    asking.ask_again();
    run_what_is_due();
    EXPECT_EQ(heard_.size(), 42u) << "often again after the wall clock stepped";
}

}  // namespace
}  // namespace fieldlink
