#include "drivers/modbus/serial_port.hpp"

#include <cerrno>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <unistd.h>

namespace fieldlink {
namespace {

using namespace std::chrono_literals;

SerialSettings at_baud(int baud) {
    SerialSettings settings;
    settings.baud = baud;
    return settings;
}

class SerialDrain : public testing::Test {
protected:
    SerialDrain() {
        termios raw{};
        ::cfmakeraw(&raw);
        EXPECT_EQ(::openpty(&device_, &port_, nullptr, &raw, nullptr), 0);
    }
    ~SerialDrain() override {
        ::close(device_);
        ::close(port_);
    }
    bool something_waits() {
        pollfd waiting{port_, POLLIN, 0};
        return ::poll(&waiting, 1, 0) > 0;
    }

    int device_ = -1, port_ = -1;
};

TEST_F(SerialDrain, ThrowsAwayWhatArrived) {
    ASSERT_EQ(::write(device_, "late answer", 11), 11);
    drain(port_, at_baud(9600));
    EXPECT_FALSE(something_waits());
}

TEST(SerialNoise, IsGivenUpOnWhenItNeverEnds) {
    const int endless = ::open("/dev/zero", O_RDONLY);
    ASSERT_GE(endless, 0);
    drain(endless, at_baud(115'200));
    ::close(endless);
}

TEST(SerialTiming, WaitsAtLeastAsLongAsAdaptersHoldBytesBack) {
    EXPECT_EQ(frame_silence(at_baud(115'200)), 20ms);
    EXPECT_EQ(frame_silence(at_baud(300)), 129ms);
}

TEST(SerialTiming, KnowsHowLongTheLongestFrameTakes) {
    EXPECT_EQ(longest_frame(at_baud(9'600)), 294ms);
}

TEST(SerialOpening, SaysWhatToDo) {
    EXPECT_EQ(explain_open_failure("/dev/ttyUSB0", EACCES),
              "/dev/ttyUSB0 cannot be opened: Permission denied; the daemon's user must be in the group dialout");
}

}  // namespace
}  // namespace fieldlink
