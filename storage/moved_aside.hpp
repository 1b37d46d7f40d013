#pragma once

#include <string>

namespace fieldlink {

/// Renames a damaged outbox, its WAL with it, to PATH.damaged-N and returns that name; of such files the two newest are
/// kept. Throws StorageError if it cannot be renamed, or does not look like an outbox that was damaged: then it is
/// left as it is.
std::string move_aside(const std::string& path);

/// The newest of them if it was not salvaged yet; empty if there is none, or the filesystem keeps no marks.
std::string not_salvaged(const std::string& path);

}  // namespace fieldlink
