// The gateway's end: commands, buses, batcher, outbox, uplink, in this order.
#include <unistd.h>

#include "daemon/gateway.hpp"
#include "daemon/log.hpp"
#include "daemon/service.hpp"

namespace fieldlink {
namespace {

using boost::system::error_code;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kBusPatience{2'000};     // a stuck bus is abandoned after it
constexpr milliseconds kUplinkPatience{2'000};  // for sending what is owed when stopping
constexpr milliseconds kStopPoll{20};
constexpr milliseconds kStopDeadline{9'000};  // for all of it: whatever hangs, the process ends

}  // namespace

void Gateway::stop() {
    if (stopping_) return;
    stopping_ = true;
    service::stopping();
    log::notice("stopping: commits what was read, and sends what is owed for at most 2 s");
    deadline_timer_.expires_after(kStopDeadline);
    deadline_timer_.async_wait([this](error_code error) {
        if (!error) on_deadline();
    });
    dispatcher_->stop();
    for (const auto& bus : buses_)
        bus->stop();
    await_buses(steady_clock::now() + kBusPatience);
}

void Gateway::await_buses(steady_clock::time_point deadline) {
    bool all = true;
    for (const auto& bus : buses_)
        all = bus->has_ended() && all;
    if (all || steady_clock::now() >= deadline) {
        flush_recorder();
        return;
    }
    stop_timer_.expires_after(kStopPoll);
    stop_timer_.async_wait([this, deadline](error_code) { await_buses(deadline); });
}

void Gateway::flush_recorder() {
    dispatcher_->give_up_all();
    recorder_.flush([this](bool) { on_flushed(); });
}

/// What could not be written may still be sent.
void Gateway::on_flushed() {
    uplink_->stop(kUplinkPatience, [this] { on_uplink_stopped(); });
}

void Gateway::on_uplink_stopped() {
    recorder_.flush([this](bool safe) { finish(safe); });
}

void Gateway::finish(bool safe) {
    if (!safe) {
        log::error("what could not be written to the outbox is lost");
        exit_status_ = 1;
    }
    for (const auto& bus : buses_) {
        if (bus->has_ended()) continue;
        log::error("bus " + bus->bus().config().name + " did not come back from its driver and is abandoned");
        abandon();  // its thread cannot be joined; everything else is safe by now
    }
    net_.stop();
}

/// Storage hangs: what it had not committed is lost, and waiting longer would not save it.
void Gateway::on_deadline() {
    log::error("storage did not end in 9 s; readings since its last commit are lost");
    exit_status_ = 1;
    abandon();
}

void Gateway::abandon() {
    control_.reset();  // removes the socket's file
    ::_exit(exit_status_);
}

}  // namespace fieldlink
