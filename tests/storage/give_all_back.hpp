#pragma once

#include <cstdint>
#include <vector>

#include "storage/outbox.hpp"

namespace fieldlink {

/// The connection ended, and nothing that was taken is on its way any more. Only for outboxes whose positions are not
/// far from their sequence numbers, or were given without a file.
inline void give_all_back(Outbox& outbox) {
    constexpr std::int64_t kFar = 1'000, kWithoutFile = std::int64_t{1} << 62;
    const std::int64_t last = outbox.stats().last_seq + kFar;
    std::vector<std::int64_t> positions;
    for (std::int64_t position = 1; position <= last; ++position)
        positions.insert(positions.end(), {position, kWithoutFile + position});
    outbox.connection_ended(positions);
}

}  // namespace fieldlink
