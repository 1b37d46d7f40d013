#include "storage/log.hpp"

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
      used_pages(room.used_pages()) {}

bool Log::is_owed(std::int64_t position) const {
    return ledger.owed().contains(position) || ledger.urgent().contains(position);
}

}  // namespace fieldlink
