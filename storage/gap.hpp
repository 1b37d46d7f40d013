#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "storage/message.hpp"

namespace fieldlink {

/// A gap record names at most so many sensors.
inline constexpr std::size_t kMaxGapSensors = 32;

/// Losses that may share one gap record.
struct GapKey {
    std::string channel, epoch, reason;  ///< epoch: empty if damage leaves it unknown
    bool spans = false;                  ///< the lost readings had sequence numbers

    friend bool operator<(const GapKey& a, const GapKey& b) {
        return std::tie(a.channel, a.epoch, a.reason, a.spans) < std::tie(b.channel, b.epoch, b.reason, b.spans);
    }
};

/// What was lost, as a gap record says it. A count that is not known is empty.
struct Gap {
    std::int64_t from_seq = 0, to_seq = 0;  ///< only where the key says that it spans
    std::optional<std::uint64_t> messages, readings;
    std::set<std::string> sensors;
    Stamp first, last;  ///< of the oldest and the newest reading, or of the message where that is not known
    Stamp noticed;      ///< becomes the record's `created`

    /// `first` and `last` are of the boot that the record is written in. Else their wall clock counts, which is as true
    /// as that boot knew it.
    bool this_boot = true;
};

/// Forgets sensors beyond kMaxGapSensors.
void limit_sensors(Gap& gap);

/// Adds `more` to `gap`: the span covers both, the counts add up, and what is unknown in one is unknown in the sum.
void merge(Gap& gap, const Gap& more);

/// The JSON object of a gap record: its body as a message. Times of this boot are left out; the true ones are written
/// when it is sent.
std::string gap_json(const GapKey& key, const Gap& gap);

}  // namespace fieldlink
