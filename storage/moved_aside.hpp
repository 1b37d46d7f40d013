#pragma once

#include <string>

namespace fieldlink {

/// Renames a damaged outbox, its WAL with it, to PATH.damaged-N and returns that name; of such files the two newest are
/// kept. Throws StorageError if it cannot be renamed, or does not look like an outbox that was damaged: then it is
/// left as it is.
std::string move_aside(const std::string& path);

}  // namespace fieldlink
