#include "daemon/loss_ledger.hpp"

namespace fieldlink {

void LossLedger::add(const std::vector<Reading>& readings) {
    for (const Reading& reading : readings) {
        Loss& loss = losses_[reading.sensor];
        if (loss.readings == 0) loss = {{}, "queue_full", 0, {reading.sensor}, reading.taken, reading.taken};
        ++loss.readings;
        loss.last = reading.taken;
    }
}

std::vector<Loss> LossLedger::take() {
    std::vector<Loss> all;
    for (auto& [sensor, loss] : losses_)
        all.push_back(std::move(loss));
    losses_.clear();
    return all;
}

}  // namespace fieldlink
