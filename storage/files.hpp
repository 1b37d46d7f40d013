#pragma once

#include <string>

/// What the outbox's file needs of the filesystem besides SQLite.
namespace fieldlink {

/// Throws a StorageError that says what failed on which path, by errno, and what to do.
[[noreturn]] void fail_on(const std::string& path, const std::string& doing);

std::string directory_of(const std::string& path);

/// The WAL that belongs to a database.
std::string wal_of(const std::string& path);

/// Marks a file as an outbox, so that it is known as one when nothing in it can be read. Not every filesystem keeps
/// marks.
void mark_as_outbox(const std::string& path);
bool is_marked(const std::string& path);

/// What was whole in it is elsewhere now: it is marked as an outbox no more.
void mark_as_salvaged(const std::string& path);

/// Writes to disk which files the directory of `path` has. Throws StorageError.
void sync_directory(const std::string& path);

}  // namespace fieldlink
