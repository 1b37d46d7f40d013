#include "daemon/polling/sensor_state.hpp"

namespace fieldlink {
namespace {

constexpr std::chrono::seconds kFlapping{60}, kSteady{10};

}  // namespace

SensorState::Outcome SensorState::answered(Instant when) {
    if (condition_ == SensorCondition::failing && flaps_ && when - last_failure_ < kSteady)
        return {true, false, failed_polls_};
    const bool changed = condition_ != SensorCondition::ok;
    if (condition_ == SensorCondition::failing) recovered_ = when;
    condition_ = SensorCondition::ok;
    const Outcome outcome{true, changed, failed_polls_};
    failed_polls_ = 0;
    return outcome;
}

SensorState::Outcome SensorState::failed(Instant when) {
    const bool changed = condition_ != SensorCondition::failing;
    const bool report = changed || when - last_report_ >= max_silence_;
    if (changed) flaps_ = recovered_ != Instant() && when - recovered_ < kFlapping;
    condition_ = SensorCondition::failing;
    last_failure_ = when;
    if (report) last_report_ = when;
    return {report, changed, ++failed_polls_};
}

}  // namespace fieldlink
