#include "daemon/polling/sensor_state.hpp"

namespace fieldlink {

SensorState::Outcome SensorState::answered() {
    const bool changed = condition_ != SensorCondition::ok;
    condition_ = SensorCondition::ok;
    const Outcome outcome{true, changed, failed_polls_};
    failed_polls_ = 0;
    return outcome;
}

SensorState::Outcome SensorState::failed(Instant when) {
    const bool changed = condition_ != SensorCondition::failing;
    const bool report = changed || when - last_report_ >= max_silence_;
    condition_ = SensorCondition::failing;
    if (report) last_report_ = when;
    return {report, changed, ++failed_polls_};
}

}  // namespace fieldlink
