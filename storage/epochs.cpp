#include "storage/epochs.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <limits>
#include <system_error>
#include <utility>
#include <vector>

#include <sys/random.h>

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

std::string random_name() {
    std::uint32_t bits = 0;
    if (::getrandom(&bits, sizeof bits, 0) != static_cast<ssize_t>(sizeof bits))
        throw std::system_error(errno, std::generic_category(), "cannot draw random bits for the epoch");
    char name[9];
    std::snprintf(name, sizeof name, "%08x", bits);
    return name;
}

}  // namespace

Epochs::Epochs(Database& database, Epoch current)
    : insert_(database, "INSERT INTO epoch VALUES(?1, ?2, ?3, ?4, ?5, ?6)"), current_(std::move(current)) {
    prune(database);
    Statement select(database, "SELECT first_seq, name, gateway, boot_id, started_boot, started_wall FROM epoch");
    Rows rows = select.query();
    while (rows.next()) {
        const Stamp started{milliseconds(rows.integer(4)), milliseconds(rows.integer(5))};
        by_first_seq_[rows.integer(0)] = {std::string(rows.bytes(1)), std::string(rows.bytes(2)),
                                          std::string(rows.bytes(3)), started};
    }
    const auto is_taken = [this](const auto& stored) { return stored.second.name == current_.name; };
    do {
        current_.name = random_name();
    } while (std::any_of(by_first_seq_.begin(), by_first_seq_.end(), is_taken));
}

void Epochs::prune(Database& database) {
    // An epoch reaches to the next one's first number, so that two look-ups by row id tell whether it is still used.
    Statement unused(database, R"(
SELECT first_seq FROM (SELECT first_seq, lead(first_seq, 1, 9223372036854775807) OVER (ORDER BY first_seq) AS next
  FROM epoch) WHERE NOT EXISTS (SELECT 1 FROM message WHERE seq >= first_seq AND seq < next)
  AND NOT EXISTS (SELECT 1 FROM urgent WHERE seq >= first_seq AND seq < next))");
    std::vector<std::int64_t> numbers;
    {
        Rows rows = unused.query();
        while (rows.next())
            numbers.push_back(rows.integer(0));
    }
    if (numbers.empty()) return;
    Transaction transaction(database);
    Statement erase(database, "DELETE FROM epoch WHERE first_seq = ?1");
    for (const std::int64_t number : numbers)
        erase.run(number);
    transaction.commit();
}

const Epoch& Epochs::of(std::int64_t seq) const {
    const auto after = by_first_seq_.upper_bound(seq);
    return after == by_first_seq_.begin() ? current_ : std::prev(after)->second;
}

std::int64_t Epochs::last_seq_of(std::int64_t seq) const {
    const auto after = by_first_seq_.upper_bound(seq);
    return after == by_first_seq_.end() ? std::numeric_limits<std::int64_t>::max() : after->first - 1;
}

void Epochs::use_current(std::int64_t first_seq) {
    if (current_from_ != 0) return;
    insert_.run(first_seq, current_.name, current_.gateway, current_.boot_id,
                std::int64_t{current_.started.boot.count()}, std::int64_t{current_.started.wall.count()});
    by_first_seq_[first_seq] = current_;
    current_from_ = first_seq;
}

void Epochs::committed() {
    committed_ = current_from_ != 0;
}

void Epochs::rolled_back() {
    if (committed_ || current_from_ == 0) return;
    by_first_seq_.erase(current_from_);
    current_from_ = 0;
}

}  // namespace fieldlink
