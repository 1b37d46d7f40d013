#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace fieldlink {

/// Whether the kernel says by itself that its clock is synchronised; where the sandbox forbids asking it, whether
/// systemd-timesyncd has left its mark.
bool kernel_is_synchronised();

/// Asks whether the kernel's clock is synchronised: org.freedesktop.timedate1 on the system bus, and where that gives
/// no answer, kernel_is_synchronised().
///
/// Asked at the start and every 30 s, and once it is synchronised, or after ten minutes, every hour: a question starts
/// systemd-timedated, which ends when idle, and each of its lives costs the journal three lines. Says nothing itself.
///
/// [net thread] Never blocks. Destroyed only when the loop does not run any more.
class KernelClock {
public:
    using Heard = std::function<void(bool synchronised)>;

    struct Options {
        std::chrono::milliseconds deadline{10'000};  ///< a bus that has not answered then gives no answer
        std::chrono::milliseconds often{30'000}, seldom{3'600'000};
        std::function<bool()> otherwise = kernel_is_synchronised;
    };

    /// `heard` gets each answer, from the loop or from inside start() and ask_again().
    KernelClock(boost::asio::io_context& io, Heard heard);
    KernelClock(boost::asio::io_context& io, Heard heard, Options options);
    ~KernelClock();

    void start() { ask_again(); }

    /// The wall clock has stepped: asks at once, and every 30 s for a while. Nothing happens while a question is under
    /// way.
    void ask_again();

private:
    struct Bus;

    void ask();
    bool send_question();
    void turn_bus();
    void watch();
    void watch_for(boost::asio::posix::stream_descriptor::wait_type what);
    void conclude(std::optional<bool> answer);
    void end_question();

    Heard heard_;
    Options options_;
    boost::asio::steady_timer deadline_timer_, next_timer_;
    boost::asio::posix::stream_descriptor descriptor_;
    std::unique_ptr<Bus> bus_;               ///< while a question is under way
    std::uint64_t question_ = 0, turn_ = 0;  ///< handlers of an earlier one are stale
    unsigned often_ = 0;                     ///< it is asked every 30 s so many times more
};

}  // namespace fieldlink
