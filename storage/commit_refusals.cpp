#include <algorithm>

#include "storage/commit.hpp"
#include "storage/error.hpp"

namespace fieldlink {
namespace {

// Each may need a gap record of its own, and room for that is made before it is known.
constexpr std::size_t kRefusalsAtOnce = 16;

constexpr const char* kReason = "refused";

}  // namespace

std::size_t Commit::refusals_at_once() const {
    return std::min(parts_.refusals.size(), kRefusalsAtOnce);
}

void Commit::quarantine_refused() {
    for (const auto& [position, refused] : parts_.refusals) {
        if (refused_.size() == kRefusalsAtOnce) return;
        const bool is_in_memory = !log_.is_owed(position) && parts_.buffer.find(position);
        if (is_in_memory) continue;
        refused_.push_back(position);
        if (log_.ledger.owed().contains(position)) quarantine(refused);
    }
}

void Commit::quarantine(const RefusedMessage& refused) {
    const auto head = whole_row(refused.position);
    if (!head) return;
    dropped_.push_back(head->position);
    log_.room.delivered(head->position, false);
    if (log_.ledger.replayed().contains(head->position))
        return log_.ledger.replay_given_up(head->position, false, head->readings);
    GivenUp given_up{*head, refused.whole};
    if (!refused.whole) given_up.head.readings = std::min(refused.readings, head->readings);
    if (!refused.sensors.empty())
        given_up.head.sensors = sensor_lines({refused.sensors.begin(), refused.sensors.end()});
    log_.ledger.refused(head->position, head->readings, given_up.head.readings);
    note(given_up, kReason);
}

/// Absent if damage has changed it, or it cannot be read: it is given back then, and found when its turn to be sent
/// comes.
std::optional<RowHead> Commit::whole_row(std::int64_t position) {
    try {
        auto row = log_.messages.read(position);
        if (row && row->head.position == position && log_.messages.is_whole(*row)) return std::move(row->head);
    } catch (const StorageError&) {
        return std::nullopt;
    }
    return std::nullopt;
}

void Commit::finish_refusals() {
    for (const std::int64_t position : refused_) {
        parts_.sending.give_back(position);
        parts_.refusals.erase(position);
    }
}

}  // namespace fieldlink
