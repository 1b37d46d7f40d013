#pragma once

#include "storage/sqlite.hpp"

namespace fieldlink {

/// Throws StorageError if the file is something else than an outbox, or one that a newer fieldlink wrote. Changes
/// nothing; a file without any content passes.
void refuse_foreign_file(Database& database);

/// Creates the tables or takes them to this version's schema, step by step, each step in a transaction.
void bring_schema_up_to_date(Database& database);

}  // namespace fieldlink
