#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "daemon/message/reading.hpp"
#include "storage/message.hpp"

namespace fieldlink {

/// Gathers readings into messages, one open batch for each telemetry channel. A batch is full by the bytes that its
/// whole frame will have, or by its readings; it is due when its first reading has waited for max_age.
///
/// Pure: time comes as an argument (boot clock, as in the readings).
class Batcher {
public:
    /// `telemetry` is the channel's name, with {sensor} if each sensor has its own.
    Batcher(const BatchConfig& limits, std::string gateway, std::string telemetry);

    /// Adds one reading. If it no longer fitted, the batch before it is in full().
    void add(const Reading& reading, Stamp now);

    /// Batches that must be committed now because they are full. Empties them.
    std::vector<NewMessage> full() { return std::move(full_); }

    /// Closes and returns what is due at `now`, full batches first.
    std::vector<NewMessage> due(Stamp now);

    /// Closes and returns everything.
    std::vector<NewMessage> all(Stamp now);

    bool has_full() const { return !full_.empty(); }

    /// When the oldest open batch is due (boot clock).
    std::optional<std::chrono::milliseconds> next_due() const;

    std::uint64_t open_readings() const { return open_readings_; }

    /// The telemetry channel of a sensor.
    std::string channel_of(const std::string& sensor) const;

private:
    struct Open {
        NewMessage message;
        std::size_t frame_bytes = 0;
        std::chrono::milliseconds base{0};  ///< the records' times count from here
        std::chrono::milliseconds opened{0};
    };
    using Batches = std::map<std::string, Open>;

    void close(Open& batch, Stamp now);

    BatchConfig limits_;
    std::string gateway_, telemetry_;
    bool channel_per_sensor_;
    Batches open_;
    std::vector<NewMessage> full_;
    std::uint64_t open_readings_ = 0;
};

}  // namespace fieldlink
