#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace fieldlink {

enum class SensorCondition { idle, ok, failing };  ///< idle: not polled yet

/// Whether a sensor works, and which of its failures are worth a message: the first, then one every `max_silence`.
/// One that fails again within a minute of its recovery flaps: it counts as failing until it has answered for 10 s, so
/// that neither log nor messages follow every turn.
/// Pure: time comes as an argument.
class SensorState {
public:
    using Instant = std::chrono::steady_clock::time_point;

    /// What a poll's outcome means to those who watch.
    struct Outcome {
        bool report = false;             ///< goes into a message
        bool changed = false;            ///< the condition is another one now: log it, show it
        std::uint64_t failed_polls = 0;  ///< of the failure that just ended or goes on
    };

    explicit SensorState(std::chrono::milliseconds max_silence) : max_silence_(max_silence) {}

    Outcome answered(Instant when);
    Outcome failed(Instant when);

    SensorCondition condition() const { return condition_; }

private:
    std::chrono::milliseconds max_silence_;
    SensorCondition condition_ = SensorCondition::idle;
    Instant last_report_;
    std::uint64_t failed_polls_ = 0;
    Instant recovered_, last_failure_;
    bool flaps_ = false;
};

}  // namespace fieldlink
