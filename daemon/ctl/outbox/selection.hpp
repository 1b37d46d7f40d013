#pragma once

#include <chrono>
#include <string>

#include "storage/range.hpp"

namespace fieldlink {

/// The options by which an operator says which messages are meant; empty where one is not given.
struct Selection {
    std::string since, until;  ///< see parse_moment()
    std::string seq;           ///< `418`, `400-412`, `400-` or `-412`
    std::string epoch;

    bool is_everything() const { return since.empty() && until.empty() && seq.empty() && epoch.empty(); }
};

/// Throws UsageError, whose text names the option and says what to write instead.
Range range_of(const Selection& selection, std::chrono::milliseconds now);

}  // namespace fieldlink
