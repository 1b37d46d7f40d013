#include "drivers/modbus/serial_port.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace fieldlink {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kAdapterDelay{20};
constexpr int kLongestFrame = 256;
constexpr int kBitsPerCharacter = 11;

microseconds characters(const SerialSettings& settings, double count) {
    return microseconds(static_cast<std::int64_t>(count * kBitsPerCharacter * 1e6 / settings.baud));
}

}  // namespace

milliseconds frame_silence(const SerialSettings& settings) {
    return std::max(kAdapterDelay, std::chrono::ceil<milliseconds>(characters(settings, 3.5)));
}

milliseconds longest_frame(const SerialSettings& settings) {
    return std::chrono::ceil<milliseconds>(characters(settings, kLongestFrame));
}

void drain(int port, const SerialSettings& settings) {
    const milliseconds silence = frame_silence(settings);
    const auto give_up = steady_clock::now() + longest_frame(settings) + silence;
    pollfd waiting{port, POLLIN, 0};
    while (steady_clock::now() < give_up && ::poll(&waiting, 1, static_cast<int>(silence.count())) > 0) {
        char discarded[kLongestFrame];
        if (::read(port, discarded, sizeof discarded) <= 0) return;
    }
    ::tcflush(port, TCIFLUSH);
}

std::string explain_open_failure(const std::string& device, int error) {
    const std::string what = device + " cannot be opened: " + std::strerror(error);
    if (error == ENOENT || error == ENODEV || error == ENXIO) return what + "; is the adapter plugged in?";
    if (error == EACCES || error == EPERM) return what + "; the daemon's user must be in the group dialout";
    if (error == EBUSY) return what + "; another program uses it";
    return what;
}

}  // namespace fieldlink
