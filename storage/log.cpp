#include "storage/log.hpp"

#include <algorithm>
#include <utility>

namespace fieldlink {

LoadedChannels::LoadedChannels(Channels& shared, Database& file) : channels(shared) {
    Channels::prune(file);
    channels.load(file);
}

Log::Log(OutboxFile file, DropPolicy policy, const std::string& boot_id, Channels& shared)
    : database(std::move(file.database)),
      budget(file.budget),
      loaded(shared, *database),
      channels(loaded.channels),
      epochs(*database),
      seal(epochs, channels),
      messages(*database, "message", seal, packer),
      urgent(*database, "urgent", seal, packer),
      ledger(*database),
      boots(*database, boot_id),
      room(*database, budget, policy, messages, urgent, ledger),
      used_pages(room.used_pages()) {
    const std::uint64_t beside_share = usable_pages(), most = budget.usable_pages(budget.urgent_bytes());
    grace_pages = std::max(std::min(used_pages, most), beside_share) - beside_share;
}

std::uint64_t Log::usable_pages() const {
    return budget.usable_pages(ledger.counters().urgent_bytes) + grace_pages;
}

void Log::note_used(std::uint64_t pages) {
    used_pages = pages;
    const std::uint64_t beside_share = usable_pages() - grace_pages;
    grace_pages = std::min(grace_pages, std::max(used_pages, beside_share) - beside_share);
}

bool Log::is_owed(std::int64_t position) const {
    return ledger.owed().contains(position) || ledger.urgent().contains(position);
}

}  // namespace fieldlink
