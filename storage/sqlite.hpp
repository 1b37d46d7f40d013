#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace fieldlink {

/// A value for a blob column.
struct Blob {
    std::string_view bytes;
};

/// One connection to one SQLite file. [storage thread] only. Whatever fails throws a StorageError that names the file,
/// what SQLite says, and what to do about it.
class Database {
public:
    /// Opens a file that exists, for reading and writing.
    explicit Database(std::string path);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    const std::string& path() const { return path_; }

    /// Runs statements whose results do not matter.
    void run(const std::string& sql);

    /// Runs a statement and returns the first column of its first row, or an empty text.
    std::string value(const std::string& sql);
    std::int64_t integer(const std::string& sql);

    /// `ok`, or what PRAGMA quick_check finds first. It is cut off after `patience`, and then nothing was found.
    std::string quick_check(std::chrono::milliseconds patience);

    /// The file is so long by now; checkpoints do not shorten it to what is used.
    void keep_size(std::uint64_t bytes);

    /// Whether closing leaves the WAL as it is: nothing more is to be written to a file that is damaged.
    void keep_wal(bool keep);

    /// Lets SQLite checkpoint only when checkpoint() is called, and counts the frames in the WAL from here on.
    void checkpoint_by_hand();

    /// Frames that the WAL holds and the database file does not yet. 0 after checkpoint().
    std::uint64_t wal_frames() const { return wal_frames_; }

    /// Copies the WAL into the database file; the next commit writes the WAL from its beginning, without shrinking it.
    void checkpoint();

    /// As checkpoint(), and truncates the WAL to nothing.
    void empty_wal();

    /// Whether the call that has just failed had written everything, and could not sync it: then it may have been done.
    bool sync_failed() const;

    [[noreturn]] void fail(int code, std::string_view doing) const;

private:
    friend class Statement;
    friend class Transaction;
    void checkpoint(int mode);
    void run_kept(sqlite3_stmt*& statement, const char* sql, std::string_view doing);

    std::string path_;
    sqlite3* handle_ = nullptr;
    sqlite3_stmt *begin_ = nullptr, *commit_ = nullptr;  ///< for every Transaction the same
    std::uint64_t wal_frames_ = 0;
};

/// The rows of one query, from before the first one. While it lives its Statement must not be used again.
class Rows {
public:
    Rows(Database& database, sqlite3_stmt* statement) : database_(database), statement_(statement) {}
    ~Rows();
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;

    /// Moves to the next row; false if there is none.
    bool next();

    std::int64_t integer(int column) const;

    /// Valid until next().
    std::string_view bytes(int column) const;

private:
    Database& database_;
    sqlite3_stmt* statement_;
};

/// A prepared statement. Values are bound in the order of ?1, ?2, …; texts and blobs are not copied, so they must
/// outlive the Rows.
class Statement {
public:
    Statement(Database& database, const std::string& sql);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    template <class... Values>
    Rows query(const Values&... values) {
        int index = 0;
        (bind(++index, values), ...);
        return Rows(database_, statement_);
    }

    template <class... Values>
    void run(const Values&... values) {
        query(values...).next();
    }

private:
    void bind(int index, std::int64_t value);
    void bind(int index, std::string_view text);
    void bind(int index, const Blob& blob);
    void check(int code);

    Database& database_;
    sqlite3_stmt* statement_ = nullptr;
};

/// A write transaction: rolled back at the end of its scope unless commit() returned.
class Transaction {
public:
    explicit Transaction(Database& database);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    void commit();

private:
    Database& database_;
};

}  // namespace fieldlink
