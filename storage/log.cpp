#include "storage/log.hpp"

#include <utility>

namespace fieldlink {
namespace {

Channels& loaded(Channels& channels, Database& database) {
    Channels::prune(database);
    channels.load(database);
    return channels;
}

}  // namespace

Log::Log(OutboxFile file, DropPolicy policy, const std::string& boot_id, Channels& shared)
    : database(std::move(file.database)),
      budget(file.budget),
      channels(loaded(shared, *database)),
      epochs(*database),
      seal(epochs, channels),
      messages(*database, "message", seal),
      urgent(*database, "urgent", seal),
      ledger(*database),
      boots(*database, boot_id),
      room(*database, budget, policy, messages, urgent, ledger),
      used_pages(room.used_pages()) {}

Log::~Log() {
    channels.unload();
}

bool Log::is_owed(std::int64_t position) const {
    return ledger.owed().contains(position) || ledger.urgent().contains(position);
}

}  // namespace fieldlink
