// The gateway's part in what time it is: who is asked, and who is told.
#include <algorithm>
#include <string>

#include "daemon/gateway.hpp"
#include "daemon/log.hpp"
#include "daemon/message/clock.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

std::string in_seconds(milliseconds time) {
    return std::to_string(time.count() / 1000) + " s";
}

}  // namespace

void Gateway::service_time(milliseconds unix_time) {
    const bool whole_seconds = unix_time.count() % 1000 == 0;
    true_clock_.service_time(unix_time, milliseconds(whole_seconds ? 1000 : 1), now().boot);
    look_at_clock();
}

std::optional<milliseconds> Gateway::true_offset() {
    return true_clock_.at(now()).offset;
}

CertificateTime Gateway::certificate_time() {
    using std::chrono::duration_cast;
    using std::chrono::seconds;
    const Stamp moment = now();
    const auto offset = true_clock_.at(moment).offset;
    std::optional<seconds> true_time;
    if (offset) true_time = duration_cast<seconds>(moment.boot + *offset);
    return fieldlink::certificate_time(true_time, duration_cast<seconds>(moment.wall), kept_time_, build_time());
}

/// Never beyond the certificate's end: a server that tells a time after it would make itself untrusted for ever.
void Gateway::verified_time(std::chrono::seconds server_time, std::chrono::seconds certificate_ends) {
    const auto time = std::min(server_time, certificate_ends);
    if (time <= kept_time_) return;
    kept_time_ = time;
    recorder_.keep_time(time);
}

void Gateway::on_kernel_clock(bool synchronised) {
    true_clock_.kernel(synchronised, now());
    look_at_clock();
}

void Gateway::look_at_clock() {
    const Stamp moment = now();
    const ClockNews news = true_clock_.look(moment);
    if (news.disagreement) on_clock_disagreement(*news.disagreement);
    if (news.offset) on_true_time(*news.offset);
    const TrueTime time = true_clock_.at(moment);
    ClockStatus status{time.state, std::nullopt};
    if (time.offset) status.wall_ahead = moment.wall - moment.boot - *time.offset;
    board_->note(status);
    if (true_clock_.stepped(moment)) kernel_clock_.ask_again();
}

void Gateway::on_clock_disagreement(bool begins) {
    if (begins)
        log::warning(
            "clock: the machine's clock is synchronised and yet differs from the service's by more than 5 s; the "
            "service's time is taken: look at the machine's NTP servers");
    else
        log::notice("clock: the machine's clock and the service's agree again");
}

/// Where the offset goes to storage, for the messages of this boot that a later one sends.
void Gateway::on_true_time(const OffsetChange& change) {
    recorder_.set_true_offset(change.to);
    if (!change.corrected) return;
    log::notice("clock: times are corrected by " + in_seconds(change.to - change.from) +
                "; readings of this boot get their true time when they are sent");
    recorder_.add_event("clock_corrected", R"({"from_offset":)" + std::to_string(change.from.count()) +
                                               R"(,"to_offset":)" + std::to_string(change.to.count()) + "}");
}

}  // namespace fieldlink
