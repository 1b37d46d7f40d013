#include "daemon/clock/true_clock.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kJitter{100};           // less than that is the reading of two clocks, and the network
constexpr milliseconds kStep{1'000};           // no clock that is only slewed gets so far between two looks
constexpr milliseconds kServiceMargin{2'000};  // within it the wall clock is as good as the service's time
constexpr milliseconds kContradiction{5'000};
constexpr int kDriftPerUnit = 10'000;  // a boot clock without NTP may lose 100 ppm against the service
constexpr milliseconds kEarliest{1'577'836'800'000}, kLatest{9'183'110'400'000};  // the years 2020 to 2260

milliseconds distance(milliseconds a, milliseconds b) {
    return std::chrono::abs(a - b);
}

milliseconds wall_offset(Stamp now) {
    return now.wall - now.boot;
}

}  // namespace

const char* name_of(ClockState state) {
    switch (state) {
        case ClockState::synced:
            return "synced";
        case ClockState::service:
            return "service";
        case ClockState::unsynced:
            break;
    }
    return "unsynced";
}

TrueClock::TrueClock(Stamp now, std::optional<milliseconds> earlier)
    : used_(earlier.value_or(wall_offset(now))), known_(earlier.has_value()), earlier_(earlier) {}

void TrueClock::kernel(bool synchronised, Stamp now) {
    synchronised_ = synchronised;
    asked_ = wall_offset(now);
    if (synchronised) kernel_ = asked_;
}

void TrueClock::service_time(milliseconds unix_time, milliseconds precision, milliseconds boot) {
    if (unix_time < kEarliest || unix_time > kLatest) return;
    // It was cut: on average, half of the precision is missing.
    service_ = Anchor{unix_time + precision / 2 - boot, boot};
}

milliseconds TrueClock::offset_by_service() const {
    const bool agrees = known_ && distance(service_->offset, used_) <= kServiceMargin;
    return agrees ? used_ : service_->offset;
}

bool TrueClock::stepped(Stamp now) const {
    return asked_ && distance(*asked_, wall_offset(now)) > kStep;
}

TrueTime TrueClock::judge(Stamp now) const {
    const milliseconds wall = wall_offset(now);
    const milliseconds kernel = kernel_ && stepped(now) ? *kernel_ : wall;
    if (synchronised_) {
        const auto margin = service_ ? kContradiction + (now.boot - service_->boot) / kDriftPerUnit : milliseconds(0);
        if (service_ && distance(service_->offset, kernel) > margin)
            return {ClockState::service, offset_by_service(), true};
        return {ClockState::synced, kernel, false};
    }
    if (service_) {
        const bool wall_will_do = distance(service_->offset, wall) <= kServiceMargin;
        return {ClockState::service, wall_will_do ? wall : offset_by_service(), false};
    }
    if (kernel_) return {ClockState::synced, *kernel_, false};
    if (earlier_) return {ClockState::service, *earlier_, false};
    return {};
}

TrueTime TrueClock::at(Stamp now) const {
    TrueTime time = judge(now);
    if (known_ && time.offset && distance(*time.offset, used_) < kJitter) time.offset = used_;
    return time;
}

ClockNews TrueClock::look(Stamp now) {
    ClockNews news;
    const TrueTime time = at(now);
    if (time.disagreement != disagreement_) news.disagreement = time.disagreement;
    disagreement_ = time.disagreement;
    if (!time.offset || (known_ && *time.offset == used_)) return news;
    news.offset = OffsetChange{used_, *time.offset, distance(used_, *time.offset) > kStep};
    used_ = *time.offset;
    known_ = true;
    return news;
}

}  // namespace fieldlink
