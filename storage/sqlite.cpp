#include "storage/sqlite.hpp"

#include <algorithm>
#include <future>
#include <utility>

#include <sqlite3.h>

#include "storage/error.hpp"

namespace fieldlink {
namespace {

const char* remedy(int code) {
    switch (code & 0xff) {
        case SQLITE_FULL:
            return "free some space on that filesystem, or lower outbox.max_size";
        case SQLITE_IOERR:
            return "look in the kernel log (dmesg) for errors of the disk";
        case SQLITE_READONLY:
            return "give the file to the user of the service, or remount the filesystem read-write";
        case SQLITE_PERM:
        case SQLITE_CANTOPEN:
            return "check that its directory exists and belongs to the user of the service";
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "another process has it open: stop that one, or set another outbox.path";
        case SQLITE_NOTADB:
            return "this is not an outbox";
        case SQLITE_CORRUPT:
            return "the file is damaged";
        case SQLITE_NOMEM:
            return "the machine is out of memory";
        default:
            return "report this with the service's log";
    }
}

StorageFault fault_of(int code) {
    switch (code & 0xff) {
        case SQLITE_FULL:
        case SQLITE_READONLY:
        case SQLITE_NOMEM:
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return StorageFault::retry;
        case SQLITE_NOTADB:
        case SQLITE_CORRUPT:
            return StorageFault::replace;
        case SQLITE_PERM:
        case SQLITE_CANTOPEN:
            return StorageFault::refuse;
        default:
            return StorageFault::reopen;
    }
}

/// True if it had to.
bool interrupt_after(sqlite3* handle, std::chrono::milliseconds patience, const std::future<void>& done) {
    if (done.wait_for(patience) != std::future_status::timeout) return false;
    sqlite3_interrupt(handle);
    return true;
}

int count_frames(void* frames, sqlite3*, const char*, int in_wal) {
    *static_cast<std::uint64_t*>(frames) = static_cast<std::uint64_t>(in_wal);
    return SQLITE_OK;
}

}  // namespace

Database::Database(std::string path) : path_(std::move(path)) {
    constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(path_.c_str(), &handle_, kFlags, nullptr);
    if (code == SQLITE_OK) return;
    const std::string why = sqlite3_errmsg(handle_);
    sqlite3_close(std::exchange(handle_, nullptr));
    throw StorageError(fault_of(code), path_ + ": cannot open it: " + why + "; " + remedy(code));
}

Database::~Database() {
    sqlite3_finalize(begin_);
    sqlite3_finalize(commit_);
    sqlite3_close(handle_);
}

void Database::run_kept(sqlite3_stmt*& statement, const char* sql, std::string_view doing) {
    int code = SQLITE_OK;
    if (!statement) code = sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code == SQLITE_OK) {
        sqlite3_step(statement);
        code = sqlite3_reset(statement);
    }
    if (code != SQLITE_OK) fail(code, doing);
}

void Database::fail(int code, std::string_view doing) const {
    throw StorageError(fault_of(code),
                       path_ + ": cannot " + std::string(doing) + ": " + sqlite3_errmsg(handle_) + "; " + remedy(code));
}

void Database::run(const std::string& sql) {
    const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code, "run \"" + sql.substr(0, 40) + "\"");
}

std::string Database::value(const std::string& sql) {
    Statement statement(*this, sql);
    Rows rows = statement.query();
    return rows.next() ? std::string(rows.bytes(0)) : std::string();
}

std::int64_t Database::integer(const std::string& sql) {
    Statement statement(*this, sql);
    Rows rows = statement.query();
    return rows.next() ? rows.integer(0) : 0;
}

std::string Database::quick_check(std::chrono::milliseconds patience) {
    // The check is one long instruction to SQLite, which only an interrupt from outside ends.
    std::promise<void> done;
    auto watcher = std::async(std::launch::async, &interrupt_after, handle_, patience, done.get_future());
    std::string found = "it cannot be read through";
    try {
        found = value("PRAGMA quick_check(1)");
    } catch (const StorageError& error) {
        found += std::string(": ") + error.what();
    }
    done.set_value();
    // What it says after that is of pages that it did not come to.
    return watcher.get() ? "ok" : found;
}

void Database::keep_wal(bool keep) {
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, static_cast<int>(keep), nullptr);
}

void Database::keep_size(std::uint64_t bytes) {
    // SQLite rounds the length up to whole chunks, of which an int must hold the size.
    constexpr std::uint64_t kLargest = 1 << 30;
    const std::uint64_t chunks = (bytes + kLargest - 1) / kLargest;
    int chunk = static_cast<int>(bytes / std::max<std::uint64_t>(chunks, 1));
    sqlite3_file_control(handle_, "main", SQLITE_FCNTL_CHUNK_SIZE, &chunk);
}

void Database::checkpoint_by_hand() {
    // Both are one hook inside SQLite: ours takes the place of its automatic checkpoint.
    sqlite3_wal_autocheckpoint(handle_, 0);
    sqlite3_wal_hook(handle_, &count_frames, &wal_frames_);
}

void Database::checkpoint() {
    checkpoint(SQLITE_CHECKPOINT_PASSIVE);
}

void Database::empty_wal() {
    checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
}

bool Database::sync_failed() const {
    return sqlite3_extended_errcode(handle_) == SQLITE_IOERR_FSYNC;
}

void Database::checkpoint(int mode) {
    int in_wal = 0, copied = 0;
    const int code = sqlite3_wal_checkpoint_v2(handle_, nullptr, mode, &in_wal, &copied);
    if (code != SQLITE_OK) fail(code, "copy the WAL into the database");
    wal_frames_ = static_cast<std::uint64_t>(in_wal - copied);
}

Rows::~Rows() {
    // The result repeats the error that next() has thrown.
    sqlite3_reset(statement_);
}

bool Rows::next() {
    const int code = sqlite3_step(statement_);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        const std::string sql = sqlite3_sql(statement_);
        database_.fail(code, "run \"" + sql.substr(0, 40) + "\"");
    }
    return code == SQLITE_ROW;
}

std::int64_t Rows::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string_view Rows::bytes(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    const int size = sqlite3_column_bytes(statement_, column);
    return data == nullptr ? std::string_view() : std::string_view(data, static_cast<std::size_t>(size));
}

Statement::Statement(Database& database, const std::string& sql) : database_(database) {
    const int code =
        sqlite3_prepare_v3(database.handle_, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
    if (code != SQLITE_OK) database.fail(code, "prepare \"" + sql.substr(0, 40) + "\"");
}

Statement::~Statement() {
    sqlite3_finalize(statement_);
}

void Statement::check(int code) {
    if (code != SQLITE_OK) database_.fail(code, "bind a value");
}

void Statement::bind(int index, std::int64_t value) {
    check(sqlite3_bind_int64(statement_, index, value));
}

void Statement::bind(int index, std::string_view text) {
    check(sqlite3_bind_text64(statement_, index, text.data() == nullptr ? "" : text.data(), text.size(), SQLITE_STATIC,
                              SQLITE_UTF8));
}

void Statement::bind(int index, const Blob& blob) {
    const char* data = blob.bytes.data() == nullptr ? "" : blob.bytes.data();
    check(sqlite3_bind_blob64(statement_, index, data, blob.bytes.size(), SQLITE_STATIC));
}

Transaction::Transaction(Database& database) : database_(database) {
    database_.run_kept(database_.begin_, "BEGIN IMMEDIATE", "begin to write");
}

Transaction::~Transaction() {
    // Some errors make SQLite roll back by itself; then there is nothing left to do.
    if (sqlite3_get_autocommit(database_.handle_) == 0)
        sqlite3_exec(database_.handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
    database_.run_kept(database_.commit_, "COMMIT", "commit");
}

}  // namespace fieldlink
