#include <algorithm>
#include <utility>

#include "storage/outbox_core.hpp"

namespace fieldlink {
namespace {

// Each reservation is one commit; the rest of it is a hole in the numbers if a crash comes.
constexpr std::int64_t kReservedAtOnce = 10'000;

}  // namespace

void OutboxCore::continue_numbers(bool is_new_file) {
    std::int64_t offset = log_->epochs.last_seq_offset();
    if (salvage_ && is_new_file) offset = salvage_->last_seq_offset();
    // What is salvaged goes back to its old places, which therefore are used.
    log_->ledger.used(last_to_be_salvaged());
    const std::int64_t last = std::max(log_->ledger.counters().last_position, account_for_deferred());
    gaps_.freeze_all();
    if (numbering_.last_position() == Numbering::kDetached) {
        numbering_.continue_after(last, offset, log_->epochs);
        sending_.begin_live(last);
    } else if (Numbering::is_detached(numbering_.last_position())) {
        moved_by_ = numbering_.attach_after(last);
        buffer_.move(moved_by_);
        sending_.move(Numbering::kDetached, moved_by_);
        for (auto& [position, refused] : std::exchange(refusals_, {})) {
            refused.position = present(position);
            refusals_.emplace(refused.position, std::move(refused));
        }
    } else if (is_new_file || last > numbering_.last_position()) {
        offset = epoch().seq_offset;
        numbering_.continue_after(std::max(last, numbering_.last_position()), offset, log_->epochs);
    }
}

bool OutboxCore::has_deferred_losses() const {
    const Counters& counters = log_->ledger.counters();
    return !log_->ledger.was_clean() && counters.reserved_position > counters.last_position;
}

/// A crash under DurabilityMode::deferred has taken what was in memory; how much, nobody knows. Returns the last
/// position that may have been used.
std::int64_t OutboxCore::account_for_deferred() {
    const Counters& counters = log_->ledger.counters();
    const std::int64_t first = counters.last_position + 1, last = counters.reserved_position;
    if (!has_deferred_losses() || numbering_.has_given()) return 0;
    const Epoch* epoch = log_->epochs.of(last);
    // A tool does not know the channel to name it on: the next start of the daemon does.
    if (!epoch || options_.for_tool) return last;
    Gap gap;
    gap.from_seq = epoch->seq_of(std::max(first, epoch->first_position));
    gap.to_seq = epoch->seq_of(last);
    gap.first = gap.last = epoch->started;
    gap.noticed = now_;
    gap.this_boot = epoch->boot_id == options_.boot_id;
    gaps_.add({options_.default_channel, epoch->name, "crash", true}, gap);
    log_->ledger.used(last);
    log_->ledger.reserve(0);
    return last;
}

void OutboxCore::reserve_positions() {
    if (!log_ || numbering_.last_position() <= log_->ledger.counters().reserved_position) return;
    log_->ledger.reserve(numbering_.last_position() + kReservedAtOnce);
    // The gap that a crash leaves is told by the epoch.
    const auto keep_epoch = [this](Commit&) { log_->epochs.use(numbering_.epoch()); };
    attempt([this, &keep_epoch] { commit({}, {keep_epoch, Budget::kFramesPerRemoval}); });
}

}  // namespace fieldlink
