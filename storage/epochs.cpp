#include "storage/epochs.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <iterator>
#include <limits>
#include <system_error>
#include <utility>
#include <vector>

#include <sys/random.h>

namespace fieldlink {

using std::chrono::milliseconds;

std::string random_epoch_name() {
    std::uint32_t bits = 0;
    if (::getrandom(&bits, sizeof bits, 0) != static_cast<ssize_t>(sizeof bits))
        throw std::system_error(errno, std::generic_category(), "cannot draw random bits for the epoch");
    char name[9];
    std::snprintf(name, sizeof name, "%08x", bits);
    return name;
}

Epochs::Epochs(std::map<std::int64_t, Epoch> stored, Database& database)
    : insert_(database, "INSERT INTO epoch VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
      by_first_position_(std::move(stored)) {}

Epochs::Epochs(Database& database) : Epochs({}, database) {
    prune(database);
    by_first_position_ = stored_in(database);
}

std::map<std::int64_t, Epoch> Epochs::stored_in(Database& database) {
    std::map<std::int64_t, Epoch> stored;
    Statement select(
        database, "SELECT first_position, name, gateway, boot_id, started_boot, started_wall, seq_offset FROM epoch");
    Rows rows = select.query();
    while (rows.next()) {
        const Stamp started{milliseconds(rows.integer(4)), milliseconds(rows.integer(5))};
        stored[rows.integer(0)] = {std::string(rows.bytes(1)),
                                   std::string(rows.bytes(2)),
                                   std::string(rows.bytes(3)),
                                   started,
                                   rows.integer(0),
                                   rows.integer(6)};
    }
    return stored;
}

void Epochs::prune(Database& database) {
    // An epoch reaches to the next one's first position, so that two look-ups by row id tell whether it is still used.
    Statement unused(database, R"(
SELECT first_position FROM (SELECT first_position,
  lead(first_position, 1, 9223372036854775807) OVER (ORDER BY first_position) AS next FROM epoch)
  WHERE next < 9223372036854775807 AND NOT EXISTS (SELECT 1 FROM message WHERE position >= first_position AND position < next)
  AND NOT EXISTS (SELECT 1 FROM urgent WHERE position >= first_position AND position < next))");
    std::vector<std::int64_t> positions;
    {
        Rows rows = unused.query();
        while (rows.next())
            positions.push_back(rows.integer(0));
    }
    if (positions.empty()) return;
    Transaction transaction(database);
    Statement erase(database, "DELETE FROM epoch WHERE first_position = ?1");
    for (const std::int64_t position : positions)
        erase.run(position);
    transaction.commit();
}

const Epoch* Epochs::of(std::int64_t position) const {
    const auto after = by_first_position_.upper_bound(position);
    return after == by_first_position_.begin() ? nullptr : &std::prev(after)->second;
}

std::int64_t Epochs::last_position_of(std::int64_t position) const {
    const auto after = by_first_position_.upper_bound(position);
    return after == by_first_position_.end() ? std::numeric_limits<std::int64_t>::max() : after->first - 1;
}

bool Epochs::has(const std::string& name) const {
    return std::any_of(by_first_position_.begin(), by_first_position_.end(),
                       [&name](const auto& stored) { return stored.second.name == name; });
}

std::string Epochs::last_gateway() const {
    return by_first_position_.empty() ? "" : by_first_position_.rbegin()->second.gateway;
}

std::int64_t Epochs::last_seq_offset() const {
    return by_first_position_.empty() ? 0 : by_first_position_.rbegin()->second.seq_offset;
}

void Epochs::use(const Epoch& epoch) {
    if (by_first_position_.count(epoch.first_position) != 0) return;
    insert_.run(epoch.first_position, epoch.name, epoch.gateway, epoch.boot_id,
                std::int64_t{epoch.started.boot.count()}, std::int64_t{epoch.started.wall.count()}, epoch.seq_offset);
    by_first_position_.emplace(epoch.first_position, epoch);
    new_.push_back(epoch.first_position);
}

void Epochs::rolled_back() {
    for (const std::int64_t first_position : std::exchange(new_, {}))
        by_first_position_.erase(first_position);
}

}  // namespace fieldlink
