#include "daemon/uplink/loners.hpp"

namespace fieldlink {

void Loners::add(const std::vector<std::int64_t>& positions) {
    for (const std::int64_t position : positions) {
        if (positions_.size() >= kMost) return;
        positions_.insert(position);
    }
}

bool Loners::has(std::int64_t position) const {
    return positions_.size() >= kMost || positions_.count(position) != 0;
}

}  // namespace fieldlink
