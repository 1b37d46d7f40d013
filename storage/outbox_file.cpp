#include "storage/outbox_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/error.hpp"
#include "storage/schema.hpp"

namespace fieldlink {
namespace {

// Measured (tests/bench/append_bench): small pages write the fewest bytes, because the pages that change with every
// commit are small too.
constexpr std::uint64_t kPageBytes = 512;

constexpr mode_t kFileMode = 0640, kDirectoryMode = 0750;

[[noreturn]] void fail(const std::string& path, const std::string& doing) {
    const int error = errno;
    throw StorageError(path + ": cannot " + doing + ": " + std::strerror(error) +
                       "; check that the directory exists and belongs to the user of the service (outbox.path)");
}

std::string directory_of(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

/// True if there was no such file.
bool create_if_missing(const std::string& path) {
    const std::string directory = directory_of(path);
    if (::mkdir(directory.c_str(), kDirectoryMode) != 0 && errno != EEXIST) fail(directory, "create this directory");
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kFileMode);
    if (file < 0 && errno == EEXIST) return false;
    if (file < 0) fail(path, "create it");
    // The umask must not decide who may read it; SQLite gives the WAL the same mode.
    const bool done = ::fchmod(file, kFileMode) == 0;
    ::close(file);
    if (!done) fail(path, "set its mode");
    return true;
}

void sync_directory(const std::string& path) {
    const int directory = ::open(directory_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool done = directory >= 0 && ::fsync(directory) == 0;
    if (directory >= 0) ::close(directory);
    if (!done) fail(path, "write its directory to disk");
}

/// SQLite ignores a pragma that comes at the wrong time, so each is read back.
void set(Database& database, const std::string& pragma, const std::string& value, const std::string& effective) {
    database.value("PRAGMA " + pragma + " = " + value);
    const std::string is = database.value("PRAGMA " + pragma);
    if (is == effective) return;
    throw StorageError(database.path() + ": SQLite did not take " + pragma + " = " + value + " but has " + is +
                       "; check which SQLite library is installed");
}

/// The order matters: the page size before the first page is written, and the journal mode after both it and the
/// locking mode, so that the WAL needs no shared memory file.
void set_pragmas(Database& database) {
    database.value("PRAGMA page_size = " + std::to_string(kPageBytes));  // of a file that has pages, it changes nothing
    set(database, "auto_vacuum", "NONE", "0");
    set(database, "journal_mode", "WAL", "wal");
    set(database, "synchronous", "FULL", "2");
    set(database, "secure_delete", "OFF", "0");  // Debian's default rewrites with zeros whatever is deleted
    set(database, "temp_store", "MEMORY", "2");
    set(database, "cache_size", "-768", "-768");  // KiB
    database.value("PRAGMA mmap_size = 0");       // without mmap support there is nothing to read back
    set(database, "journal_size_limit", "-1", "-1");
    set(database, "cell_size_check", "ON", "1");
    set(database, "trusted_schema", "OFF", "0");
    database.checkpoint_by_hand();
}

Budget share_limit(Database& database, std::uint64_t max_bytes) {
    const Budget budget(max_bytes, static_cast<std::uint64_t>(database.integer("PRAGMA page_size")));
    // A file that is longer keeps its length; that is seen to after it was opened.
    database.value("PRAGMA max_page_count = " + std::to_string(budget.max_pages()));
    return budget;
}

bool is_longer(Database& database, const Budget& budget) {
    return static_cast<std::uint64_t>(database.integer("PRAGMA page_count")) > budget.max_pages();
}

void write_to_disk(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    const bool done = file >= 0 && ::fchmod(file, kFileMode) == 0 && ::fsync(file) == 0;
    if (file >= 0) ::close(file);
    if (!done) fail(path, "write it to disk");
}

}  // namespace

OutboxFile open_outbox_file(const std::string& path, std::uint64_t max_bytes) {
    if (max_bytes < Budget::kMinBytes)
        throw StorageError(path + ": a limit of " + std::to_string(max_bytes) +
                           " bytes is too small: set outbox.max_size to at least 1MiB");
    const bool created = create_if_missing(path);
    auto database = std::make_unique<Database>(path);
    set(*database, "locking_mode", "EXCLUSIVE", "exclusive");
    refuse_foreign_file(*database);
    set_pragmas(*database);
    const Budget budget = share_limit(*database, max_bytes);
    bring_schema_up_to_date(*database);
    database->empty_wal();
    // Else a power cut right after the first start could leave an empty file, or none.
    if (created) sync_directory(path);
    const bool is_too_long = is_longer(*database, budget);
    return {std::move(database), budget, is_too_long};
}

OutboxFile compact(OutboxFile file) {
    const std::string path = file.database->path();
    const std::string copy = path + "-compact";
    if (::unlink(copy.c_str()) != 0 && errno != ENOENT) fail(copy, "remove it");
    Statement(*file.database, "VACUUM INTO ?1").run(std::string_view(copy));
    // The WAL must be gone before the name is another file's.
    file.database->empty_wal();
    file.database.reset();
    write_to_disk(copy);
    if (::rename(copy.c_str(), path.c_str()) != 0) fail(path, "put the compacted file in its place");
    sync_directory(path);
    return open_outbox_file(path, file.budget.max_bytes());
}

}  // namespace fieldlink
