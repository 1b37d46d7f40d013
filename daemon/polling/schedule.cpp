#include "daemon/polling/schedule.hpp"

#include <algorithm>
#include <cassert>

namespace fieldlink {

Schedule::Schedule(const std::vector<std::chrono::milliseconds>& every, Instant start) {
    for (std::size_t sensor = 0; sensor < every.size(); ++sensor) {
        assert(every[sensor].count() > 0);
        heap_.push_back({start, every[sensor], sensor});
    }
    std::make_heap(heap_.begin(), heap_.end(), later);
}

/// Among polls that are due at the same time the order of the configuration holds.
bool Schedule::later(const Entry& a, const Entry& b) {
    return a.due != b.due ? a.due > b.due : a.sensor > b.sensor;
}

Schedule::Instant Schedule::next() const {
    return heap_.empty() ? Instant::max() : heap_.front().due;
}

std::optional<Schedule::Due> Schedule::take(Instant now) {
    if (heap_.empty() || heap_.front().due > now) return std::nullopt;
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Entry& entry = heap_.back();
    const auto gone_by = (now - entry.due) / entry.every;
    const Due due{entry.sensor, static_cast<std::uint64_t>(gone_by)};
    entry.due += (gone_by + 1) * entry.every;
    std::push_heap(heap_.begin(), heap_.end(), later);
    return due;
}

}  // namespace fieldlink
