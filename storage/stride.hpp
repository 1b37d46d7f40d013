#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace fieldlink {

/// Which readings are still admitted once the log was thinned: of each sensor every 2^n-th, so that they lie as far
/// apart as those that are stored, whatever the sensor's period is. Pure.
class Stride {
public:
    /// True for the first reading of each sensor, and then for every 2^`halvings`-th.
    bool admits(std::string_view sensor, std::uint64_t halvings);

private:
    std::unordered_map<std::string, std::uint64_t> seen_;
};

/// Which readings of a log stay when it is thinned to half: of each sensor every other one, the first one among them.
/// A pass over the log goes from the oldest message to the newest. Pure.
class Alternation {
public:
    /// Whether the next reading of this sensor stays.
    bool keeps(std::string_view sensor);

    /// A new pass begins.
    void restart() { dropped_.clear(); }

private:
    std::unordered_map<std::string, bool> dropped_;  ///< whether the sensor's reading before was dropped
};

}  // namespace fieldlink
