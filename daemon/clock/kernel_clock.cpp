#include "daemon/clock/kernel_clock.hpp"

#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/timex.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

namespace fieldlink {
namespace {

using boost::asio::posix::stream_descriptor;
using boost::system::error_code;

constexpr unsigned kOftenTimes = 20;

constexpr const char* kTimedate = "org.freedesktop.timedate1";
constexpr const char* kTimedatePath = "/org/freedesktop/timedate1";

struct Reply {
    bool came = false;
    std::optional<bool> synchronised;
};

std::optional<bool> read_property(sd_bus_message* reply) {
    int value = 0;
    if (sd_bus_message_is_method_error(reply, nullptr)) return std::nullopt;
    if (sd_bus_message_enter_container(reply, SD_BUS_TYPE_VARIANT, "b") < 0) return std::nullopt;
    if (sd_bus_message_read_basic(reply, SD_BUS_TYPE_BOOLEAN, &value) < 0) return std::nullopt;
    return value != 0;
}

// Only notes the answer: the bus must not be closed from inside its own call.
int on_reply(sd_bus_message* message, void* reply, sd_bus_error*) {
    *static_cast<Reply*>(reply) = {true, read_property(message)};
    return 0;
}

}  // namespace

bool kernel_is_synchronised() {
    constexpr long kUnknown = 16'000'000;  // microseconds: as systemd-timedated judges it
    timex state{};
    if (::adjtimex(&state) >= 0) return state.maxerror < kUnknown;
    return ::access("/run/systemd/timesync/synchronized", F_OK) == 0;
}

/// A connection that lasts for one question.
struct KernelClock::Bus {
    ~Bus() { sd_bus_close_unref(connection); }
    sd_bus* connection = nullptr;
    Reply reply;
};

KernelClock::KernelClock(boost::asio::io_context& io, Heard heard) : KernelClock(io, std::move(heard), Options()) {}

KernelClock::KernelClock(boost::asio::io_context& io, Heard heard, Options options)
    : heard_(std::move(heard)), options_(std::move(options)), deadline_timer_(io), next_timer_(io), descriptor_(io) {}

KernelClock::~KernelClock() = default;

void KernelClock::ask_again() {
    often_ = kOftenTimes;
    if (!bus_) ask();
}

void KernelClock::ask() {
    bus_ = std::make_unique<Bus>();
    if (!send_question()) return conclude(std::nullopt);
    deadline_timer_.expires_after(options_.deadline);
    deadline_timer_.async_wait([this, question = question_](error_code error) {
        if (!error && question == question_) conclude(std::nullopt);
    });
    turn_bus();
}

bool KernelClock::send_question() {
    // Neither waits: the connection comes about, and the question leaves, as the loop turns the bus.
    if (sd_bus_open_system(&bus_->connection) < 0) return false;
    if (sd_bus_call_method_async(bus_->connection, nullptr, kTimedate, kTimedatePath, "org.freedesktop.DBus.Properties",
                                 "Get", on_reply, &bus_->reply, "ss", kTimedate, "NTPSynchronized") < 0)
        return false;
    // A descriptor of our own: sd-bus closes its one by itself when the connection is lost, and Asio would not know.
    const int descriptor = ::fcntl(sd_bus_get_fd(bus_->connection), F_DUPFD_CLOEXEC, 0);
    if (descriptor < 0) return false;
    descriptor_.assign(descriptor);
    return true;
}

void KernelClock::turn_bus() {
    int done = 1;
    while (done > 0 && !bus_->reply.came)
        done = sd_bus_process(bus_->connection, nullptr);
    if (done < 0 || bus_->reply.came) return conclude(bus_->reply.synchronised);
    watch();
}

void KernelClock::watch() {
    ++turn_;
    descriptor_.cancel();
    watch_for(stream_descriptor::wait_read);
    const int events = sd_bus_get_events(bus_->connection);
    if (events >= 0 && (events & POLLOUT) != 0) watch_for(stream_descriptor::wait_write);
}

void KernelClock::watch_for(stream_descriptor::wait_type what) {
    descriptor_.async_wait(what, [this, turn = turn_](error_code error) {
        if (!error && turn == turn_) turn_bus();
    });
}

void KernelClock::conclude(std::optional<bool> answer) {
    end_question();
    const bool synchronised = answer ? *answer : options_.otherwise();
    if (synchronised) often_ = 0;
    next_timer_.expires_after(often_ > 0 ? options_.often : options_.seldom);
    if (often_ > 0) --often_;
    next_timer_.async_wait([this](error_code error) {
        if (!error && !bus_) ask();
    });
    heard_(synchronised);
}

void KernelClock::end_question() {
    ++question_;
    ++turn_;
    deadline_timer_.cancel();
    if (descriptor_.is_open()) descriptor_.close();
    bus_.reset();
}

}  // namespace fieldlink
