#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/message/reading.hpp"
#include "storage/message.hpp"

namespace fieldlink {

/// Readings that were dropped because a queue was full, summed up by sensor until they can be named in gap records.
/// Bounded by the number of sensors.
class LossLedger {
public:
    void add(const std::vector<Reading>& readings);

    bool empty() const { return losses_.empty(); }

    /// What has been added since the last call; `channel` is left to whoever knows it.
    std::vector<Loss> take();

private:
    std::map<std::string, Loss> losses_;
};

}  // namespace fieldlink
