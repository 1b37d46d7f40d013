#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace fieldlink {

/// The final consumer confirms messages: all of an epoch whose `seq` is in one of these intervals, both ends included.
struct Receipt {
    std::string epoch;
    std::vector<std::pair<std::int64_t, std::int64_t>> seqs;
};

}  // namespace fieldlink
