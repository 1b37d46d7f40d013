#include "storage/boots.hpp"

#include <utility>

namespace fieldlink {

using std::chrono::milliseconds;

Boots::Boots(Database& database, std::string this_boot)
    : save_(database, "INSERT OR REPLACE INTO boot VALUES(?1, ?2)"), this_boot_(std::move(this_boot)) {
    prune(database, this_boot_);
    Statement select(database, "SELECT boot_id, true_offset FROM boot");
    Rows rows = select.query();
    while (rows.next())
        offsets_[std::string(rows.bytes(0))] = milliseconds(rows.integer(1));
}

/// Bounded by the epochs, which are bounded by the messages.
void Boots::prune(Database& database, const std::string& this_boot) {
    Statement unused(database, "SELECT 1 FROM boot WHERE boot_id <> ?1 AND boot_id NOT IN (SELECT boot_id FROM epoch)");
    {
        Rows rows = unused.query(this_boot);
        if (!rows.next()) return;
    }
    Statement erase(database, "DELETE FROM boot WHERE boot_id <> ?1 AND boot_id NOT IN (SELECT boot_id FROM epoch)");
    erase.run(this_boot);
}

std::optional<milliseconds> Boots::true_offset(const std::string& boot_id) const {
    const auto offset = offsets_.find(boot_id);
    return offset == offsets_.end() ? std::nullopt : std::optional(offset->second);
}

void Boots::set(milliseconds true_offset) {
    const auto known = offsets_.find(this_boot_);
    if (known != offsets_.end() && known->second == true_offset) return;
    offsets_[this_boot_] = true_offset;
    unsaved_ = true;
}

void Boots::save() {
    if (unsaved_) save_.run(this_boot_, std::int64_t{offsets_[this_boot_].count()});
}

}  // namespace fieldlink
