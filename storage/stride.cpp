#include "storage/stride.hpp"

#include <algorithm>

namespace fieldlink {

bool Stride::admits(std::string_view sensor, std::uint64_t halvings) {
    constexpr std::uint64_t kMost = 63;
    const std::uint64_t number = seen_[std::string(sensor)]++;
    return number % (std::uint64_t{1} << std::min(halvings, kMost)) == 0;
}

bool Alternation::keeps(std::string_view sensor) {
    const auto [before, is_first] = dropped_.try_emplace(std::string(sensor), true);
    const bool keep = before->second;
    before->second = !keep;
    return keep;
}

}  // namespace fieldlink
