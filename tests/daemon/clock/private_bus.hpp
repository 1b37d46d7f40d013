#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>

struct sd_bus;
struct sd_bus_message;

namespace fieldlink::test {

/// A D-Bus of the test's own, which for as long as it lives is the system bus of this process. Needs dbus-daemon.
class PrivateBus {
public:
    PrivateBus();
    ~PrivateBus();

private:
    std::string directory_;
    int pid_ = 0;
};

/// org.freedesktop.timedate1 on the system bus of this process, as far as NTPSynchronized is asked of it.
class Timedate {
public:
    explicit Timedate(bool synchronised);
    ~Timedate();

    unsigned asked() const { return asked_; }

private:
    void serve();

    std::atomic<unsigned> asked_{0};
    std::function<int(sd_bus_message*)> answer_;
    sd_bus* bus_ = nullptr;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace fieldlink::test
