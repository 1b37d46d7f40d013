#include "storage/owed_set.hpp"

#include <algorithm>
#include <cassert>

namespace fieldlink {

OwedSet::Intervals::const_iterator OwedSet::holding(std::int64_t seq) const {
    auto after = intervals_.upper_bound(seq);
    if (after == intervals_.begin()) return intervals_.end();
    const auto before = std::prev(after);
    return before->second >= seq ? before : intervals_.end();
}

void OwedSet::put(std::int64_t first, std::int64_t last) {
    intervals_[first] = last;
    changed_.insert(first);
    size_ += static_cast<std::uint64_t>(last - first + 1);
}

OwedSet::Intervals::iterator OwedSet::take_out(Intervals::iterator interval) {
    changed_.insert(interval->first);
    size_ -= static_cast<std::uint64_t>(interval->second - interval->first + 1);
    return intervals_.erase(interval);
}

void OwedSet::add(std::int64_t first, std::int64_t last) {
    assert(first <= last);
    auto interval = intervals_.upper_bound(first);
    if (interval != intervals_.begin() && std::prev(interval)->second >= first - 1) --interval;
    while (interval != intervals_.end() && interval->first <= last + 1) {
        first = std::min(first, interval->first);
        last = std::max(last, interval->second);
        interval = take_out(interval);
    }
    put(first, last);
}

void OwedSet::remove(std::int64_t first, std::int64_t last) {
    assert(first <= last);
    auto interval = intervals_.upper_bound(first);
    if (interval != intervals_.begin() && std::prev(interval)->second >= first) --interval;
    while (interval != intervals_.end() && interval->first <= last) {
        const auto [old_first, old_last] = *interval;
        interval = take_out(interval);
        if (old_first < first) put(old_first, first - 1);
        if (old_last > last) put(last + 1, old_last);
    }
}

bool OwedSet::contains(std::int64_t seq) const {
    return holding(seq) != intervals_.end();
}

std::optional<std::int64_t> OwedSet::next_after(std::int64_t seq) const {
    if (contains(seq + 1)) return seq + 1;
    const auto next = intervals_.upper_bound(seq);
    if (next == intervals_.end()) return std::nullopt;
    return next->first;
}

std::int64_t OwedSet::end_of_run(std::int64_t seq) const {
    const auto interval = holding(seq);
    assert(interval != intervals_.end());
    return interval->second;
}

}  // namespace fieldlink
