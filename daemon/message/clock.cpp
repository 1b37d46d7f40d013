#include "daemon/message/clock.hpp"

#include <ctime>
#include <fstream>

namespace fieldlink {
namespace {

std::chrono::milliseconds read(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return std::chrono::milliseconds(static_cast<std::int64_t>(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000);
}

}  // namespace

Stamp now() {
    return {read(CLOCK_BOOTTIME), read(CLOCK_REALTIME)};
}

std::string boot_id() {
    std::string id;
    std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), id);
    return id;
}

}  // namespace fieldlink
