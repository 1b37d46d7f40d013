#include "storage/outbox_file.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/error.hpp"
#include "storage/files.hpp"
#include "storage/schema.hpp"

namespace fieldlink {
namespace {

// Measured (tests/bench/append_bench): small pages write the fewest bytes, because the pages that change with every
// commit are small too.
constexpr std::uint64_t kPageBytes = 512;

constexpr mode_t kFileMode = 0640, kDirectoryMode = 0750;

/// True if there was no such file.
bool create_if_missing(const std::string& path) {
    const std::string directory = directory_of(path);
    if (::mkdir(directory.c_str(), kDirectoryMode) != 0 && errno != EEXIST) fail_on(directory, "create this directory");
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kFileMode);
    if (file < 0 && errno == EEXIST) return false;
    if (file < 0) fail_on(path, "create it");
    // The umask must not decide who may read it; SQLite gives the WAL the same mode.
    const bool done = ::fchmod(file, kFileMode) == 0;
    ::close(file);
    if (!done) fail_on(path, "set its mode");
    return true;
}

/// SQLite ignores a pragma that comes at the wrong time, so each is read back.
void set(Database& database, const std::string& pragma, const std::string& value, const std::string& effective) {
    database.value("PRAGMA " + pragma + " = " + value);
    const std::string is = database.value("PRAGMA " + pragma);
    if (is == effective) return;
    throw StorageError(StorageFault::refuse, database.path() + ": SQLite did not take " + pragma + " = " + value +
                                                 " but has " + is + "; check which SQLite library is installed");
}

/// The order matters: the page size before the first page is written, and the journal mode after both it and the
/// locking mode, so that the WAL needs no shared memory file.
void set_pragmas(Database& database, DurabilityMode durability) {
    // NORMAL leaves a commit in the kernel's hands: it survives the process, not the power.
    const bool by_kernel = durability == DurabilityMode::process;
    database.value("PRAGMA page_size = " + std::to_string(kPageBytes));  // of a file that has pages, it changes nothing
    set(database, "auto_vacuum", "NONE", "0");
    set(database, "journal_mode", "WAL", "wal");
    set(database, "synchronous", by_kernel ? "NORMAL" : "FULL", by_kernel ? "1" : "2");
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

constexpr std::uint64_t kBlock = 4096;

/// Blocks of the disk for all that the file may hold, so that nobody else can fill them: without them an outbox could
/// neither append nor drop. False where the filesystem cannot reserve, or has no room now; then it does without.
bool reserve(const std::string& path, std::uint64_t bytes, int mode) {
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) return false;
    // A power cut must not take the length back: what is committed from now on relies on it.
    const bool done = ::fallocate(file, mode, 0, static_cast<off_t>(bytes)) == 0 && ::fsync(file) == 0;
    ::close(file);
    return done;
}

/// As much of the disk as the database may take, in whole blocks.
std::uint64_t reserved_bytes(const Budget& budget) {
    return budget.max_pages() * budget.page_bytes() / kBlock * kBlock;
}

std::uint64_t size_of(const std::string& path) {
    struct stat file {};
    return ::stat(path.c_str(), &file) == 0 ? static_cast<std::uint64_t>(file.st_size) : 0;
}

/// Whether the last one who had it open ended in an orderly way, or there was none.
bool was_closed(Database& database) {
    const bool has_ledger = database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'ledger'") != 0;
    if (!has_ledger) return true;
    if (database.integer("PRAGMA user_version") < 2) return false;
    return database.integer("SELECT clean FROM ledger") != 0;
}

void look_for_damage(Database& database) {
    constexpr std::chrono::milliseconds kPatience{2'000};
    const std::string found = database.quick_check(kPatience);
    if (found != "ok") throw StorageError(StorageFault::replace, database.path() + ": the file is damaged: " + found);
}

void write_to_disk(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    const bool done = file >= 0 && ::fchmod(file, kFileMode) == 0 && ::fsync(file) == 0;
    if (file >= 0) ::close(file);
    if (!done) fail_on(path, "write it to disk");
}

OutboxFile open_as_it_is(const std::string& path, std::uint64_t max_bytes, DurabilityMode durability) {
    auto database = std::make_unique<Database>(path);
    database->keep_wal(true);
    set(*database, "locking_mode", "EXCLUSIVE", "exclusive");
    refuse_foreign_file(*database);
    set_pragmas(*database, durability);
    if (!was_closed(*database)) look_for_damage(*database);
    const Budget budget = share_limit(*database, max_bytes);
    bring_schema_up_to_date(*database);
    database->empty_wal();
    database->keep_wal(false);
    return {std::move(database), budget};
}

/// The WAL is gone, and stays so after a power cut: it must not meet a file of another length, or another file.
void close_for_good(OutboxFile& file) {
    const std::string path = file.database->path();
    file.database->empty_wal();
    file.database.reset();
    sync_directory(path);
}

}  // namespace

std::uint64_t OutboxFile::pages() const {
    return static_cast<std::uint64_t>(database->integer("PRAGMA page_count"));
}

bool OutboxFile::is_too_long() const {
    return pages() > budget.max_pages();
}

OutboxFile open_outbox_file(const std::string& path, std::uint64_t max_bytes, DurabilityMode durability) {
    if (max_bytes < Budget::kMinBytes)
        throw StorageError(StorageFault::refuse, path + ": a limit of " + std::to_string(max_bytes) +
                                                     " bytes is too small: set outbox.max_size to at least 1MiB");
    const bool created = create_if_missing(path);
    OutboxFile file = open_as_it_is(path, max_bytes, durability);
    const std::uint64_t wanted = std::max(reserved_bytes(file.budget), file.pages() * file.budget.page_bytes());
    if (size_of(path) != wanted) {
        // Not while it is open: closing a descriptor of it would give up the locks that SQLite has on it.
        close_for_good(file);
        if (size_of(path) > wanted && ::truncate(path.c_str(), static_cast<off_t>(wanted)) != 0)
            fail_on(path, "shorten it");
        reserve(path, wanted, 0);
        file = open_as_it_is(path, max_bytes, durability);
    }
    if (size_of(path) == wanted) file.database->keep_size(wanted);
    mark_as_outbox(path);
    reserve(wal_of(path), file.budget.max_wal_bytes() / kBlock * kBlock, FALLOC_FL_KEEP_SIZE);
    // Else a power cut right after the first start could leave an empty file, or none.
    if (created) sync_directory(path);
    return file;
}

OutboxFile open_for_tool(const std::string& path) {
    const std::uint64_t bytes = size_of(path);
    OutboxFile file = open_as_it_is(path, Budget::limit_of_file(bytes), DurabilityMode::power);
    file.database->keep_size(bytes);
    return file;
}

OutboxFile compact(OutboxFile file, DurabilityMode durability) {
    const std::string path = file.database->path();
    const std::string copy = path + "-compact";
    if (::unlink(copy.c_str()) != 0 && errno != ENOENT) fail_on(copy, "remove it");
    Statement(*file.database, "VACUUM INTO ?1").run(std::string_view(copy));
    close_for_good(file);
    write_to_disk(copy);
    if (::rename(copy.c_str(), path.c_str()) != 0) fail_on(path, "put the compacted file in its place");
    sync_directory(path);
    return open_outbox_file(path, file.budget.max_bytes(), durability);
}

void sync_wal(const std::string& path) {
    const std::string wal = wal_of(path);
    const int file = ::open(wal.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT) return;
    const bool done = file >= 0 && ::fdatasync(file) == 0;
    if (file >= 0) ::close(file);
    if (!done) fail_on(wal, "write it to disk");
}

}  // namespace fieldlink
