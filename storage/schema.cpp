#include "storage/schema.hpp"

#include <iterator>

#include "storage/error.hpp"

namespace fieldlink {
namespace {

constexpr std::int64_t kApplicationId = 0x464c4f42;  // "FLOB"

// A step is frozen once it was released: files in the field were written by it. A change is a new step.
//
// `message` and `urgent` share one space of positions; `urgent` holds what goes first and is never dropped. The epoch
// of a message is the one with the greatest first_position that is not above its own; its seq is its position less that
// epoch's seq_offset. `prev_epoch` is empty where it is that same epoch. From version 2 on, `kind` has 16 added to it
// where the body is packed (zstd). The small columns stand before the blob so
// that reading them touches no overflow page, and there is no index beside the row ids because each costs a page a
// commit.
constexpr const char* kSteps[] = {
    R"(
CREATE TABLE ledger(id INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL, stored INTEGER NOT NULL,
  owed_messages INTEGER NOT NULL, owed_readings INTEGER NOT NULL, read_readings INTEGER NOT NULL,
  acked_readings INTEGER NOT NULL, dropped_readings INTEGER NOT NULL);
INSERT INTO ledger VALUES(1, 0, 0, 0, 0, 0, 0, 0);
CREATE TABLE owed(first INTEGER PRIMARY KEY, last INTEGER NOT NULL, urgent INTEGER NOT NULL);
CREATE TABLE epoch(first_seq INTEGER PRIMARY KEY, name TEXT NOT NULL, gateway TEXT NOT NULL, boot_id TEXT NOT NULL,
  started_boot INTEGER NOT NULL, started_wall INTEGER NOT NULL);
CREATE TABLE channel(id INTEGER PRIMARY KEY, name TEXT NOT NULL, last_epoch TEXT NOT NULL, last_seq INTEGER NOT NULL);
CREATE TABLE message(seq INTEGER PRIMARY KEY, channel INTEGER NOT NULL, kind INTEGER NOT NULL,
  prev_epoch TEXT NOT NULL, prev_seq INTEGER NOT NULL, created_boot INTEGER NOT NULL, created_wall INTEGER NOT NULL,
  readings INTEGER NOT NULL, first_boot INTEGER NOT NULL, last_boot INTEGER NOT NULL, sensors TEXT NOT NULL,
  crc INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE urgent(seq INTEGER PRIMARY KEY, channel INTEGER NOT NULL, kind INTEGER NOT NULL,
  prev_epoch TEXT NOT NULL, prev_seq INTEGER NOT NULL, created_boot INTEGER NOT NULL, created_wall INTEGER NOT NULL,
  readings INTEGER NOT NULL, first_boot INTEGER NOT NULL, last_boot INTEGER NOT NULL, sensors TEXT NOT NULL,
  crc INTEGER NOT NULL, body BLOB NOT NULL);
)",
    // Positions and sequence numbers part: a start that could not open its file numbers its messages all the same.
    R"(
ALTER TABLE message RENAME COLUMN seq TO position;
ALTER TABLE urgent RENAME COLUMN seq TO position;
ALTER TABLE epoch RENAME COLUMN first_seq TO first_position;
ALTER TABLE epoch ADD COLUMN seq_offset INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger RENAME COLUMN last_seq TO last_position;
ALTER TABLE ledger ADD COLUMN reserved_position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger ADD COLUMN urgent_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger ADD COLUMN quarantined_readings INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger ADD COLUMN replayed_readings INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger ADD COLUMN salvaged_readings INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger ADD COLUMN thinned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger ADD COLUMN thin_next INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger ADD COLUMN thin_last INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger ADD COLUMN clean INTEGER NOT NULL DEFAULT 0;
UPDATE ledger SET urgent_bytes = (SELECT coalesce(sum(length(body) + length(sensors) + 128), 0) FROM urgent);
CREATE TABLE replayed(first INTEGER PRIMARY KEY, last INTEGER NOT NULL);
CREATE TABLE dropped(reason TEXT PRIMARY KEY, readings INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO dropped SELECT 'unknown', dropped_readings FROM ledger WHERE dropped_readings > 0;
CREATE TABLE boot(boot_id TEXT PRIMARY KEY, true_offset INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE salvage(id INTEGER PRIMARY KEY, file TEXT NOT NULL, next INTEGER NOT NULL, last INTEGER NOT NULL);
)",
};
constexpr auto kVersion = static_cast<std::int64_t>(std::size(kSteps));

bool is_empty(Database& database) {
    return database.integer("SELECT count(*) FROM sqlite_schema") == 0;
}

}  // namespace

void refuse_foreign_file(Database& database) {
    const std::int64_t application = database.integer("PRAGMA application_id");
    // A start that was killed before its first commit leaves a database without tables.
    if (application == 0 && is_empty(database)) return;
    if (application != kApplicationId)
        throw StorageError(
            StorageFault::refuse,
            database.path() +
                ": this database belongs to another program; it was left as it is: set another outbox.path");
    const std::int64_t version = database.integer("PRAGMA user_version");
    if (version > kVersion)
        throw StorageError(StorageFault::refuse, database.path() + ": a newer fieldlink wrote this file (schema " +
                                                     std::to_string(version) + ", this one knows " +
                                                     std::to_string(kVersion) +
                                                     "): install the newer one again, or move the file away");
}

void bring_schema_up_to_date(Database& database) {
    for (std::int64_t version = database.integer("PRAGMA user_version"); version < kVersion; ++version) {
        Transaction step(database);
        database.run(kSteps[version]);
        database.run("PRAGMA application_id = " + std::to_string(kApplicationId));
        database.run("PRAGMA user_version = " + std::to_string(version + 1));
        step.commit();
    }
}

}  // namespace fieldlink
