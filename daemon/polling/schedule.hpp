#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace fieldlink {

/// When which sensor of a bus is polled. The n-th poll of a sensor is due at start + n × every, whatever the ones
/// before it took, so that nothing drifts. Polls whose time went by while the bus was busy are counted and not made up
/// for.
///
/// Pure: knows no clock. Sensors are indexes in the order of the periods given.
class Schedule {
public:
    using Clock = std::chrono::steady_clock;
    using Instant = Clock::time_point;

    struct Due {
        std::size_t sensor = 0;
        std::uint64_t missed = 0;  ///< polls of this sensor that were skipped since its last one
    };

    Schedule(const std::vector<std::chrono::milliseconds>& every, Instant start);

    /// When the next poll is due.
    Instant next() const;

    /// The poll that has been due for longest at `now`, if any, and plans the sensor's next one after `now`.
    std::optional<Due> take(Instant now);

private:
    struct Entry {
        Instant due;
        std::chrono::milliseconds every;
        std::size_t sensor;
    };
    static bool later(const Entry& a, const Entry& b);

    std::vector<Entry> heap_;
};

}  // namespace fieldlink
