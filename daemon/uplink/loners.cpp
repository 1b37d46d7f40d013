#include "daemon/uplink/loners.hpp"

namespace fieldlink {

void Loners::add(const std::vector<std::int64_t>& positions, std::unordered_set<std::int64_t>& to) {
    for (const std::int64_t position : positions) {
        if (to.size() >= kMost) return;
        to.insert(position);
    }
}

void Loners::add(const std::vector<std::int64_t>& positions) {
    add(positions, positions_);
}

void Loners::add_suspects(const std::vector<std::int64_t>& positions) {
    add(positions, positions_);
    add(positions, suspects_);
}

void Loners::acked(std::int64_t position) {
    positions_.erase(position);
    suspects_.erase(position);
}

bool Loners::has(std::int64_t position) const {
    return positions_.size() >= kMost || positions_.count(position) != 0;
}

void Loners::forget() {
    positions_.clear();
    suspects_.clear();
}

}  // namespace fieldlink
