#include "tests/support/disk/disk.hpp"

#include <map>

#include <sqlite3.h>

namespace fieldlink {
namespace {

using Call = DiskFault::Call;

struct OpenFile {
    const sqlite3_io_methods* methods;  ///< the operating system's
    sqlite3_io_methods watched;
    int number;            ///< -1: a temporary file
    bool syncs_directory;  ///< with its first sync
};

sqlite3_vfs* system_vfs = nullptr;
sqlite3_vfs watching_vfs;
std::map<sqlite3_file*, OpenFile> open_files;

OpenFile& find(sqlite3_file* file) {
    return open_files.at(file);
}

Recorder& recorder() {
    return *Recorder::current;
}

int close_file(sqlite3_file* file) {
    const sqlite3_io_methods* methods = find(file).methods;
    open_files.erase(file);
    file->pMethods = methods;
    return methods->xClose(file);
}

int read_file(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
    const DiskFault* fault = recorder().fault_of(Call::read);
    if (fault != nullptr && offset >= fault->from && offset < fault->to) return fault->code;
    recorder().read(static_cast<std::uint64_t>(size));
    return find(file).methods->xRead(file, bytes, size, offset);
}

int write_file(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    const DiskFault* fault = recorder().fault_of(Call::write);
    if (fault != nullptr && !fault->half_write) return fault->code;
    const int written = fault == nullptr ? size : size / 2;
    const int code = find(file).methods->xWrite(file, bytes, written, offset);
    if (code == SQLITE_OK)
        recorder().written(find(file).number, static_cast<std::uint64_t>(offset), static_cast<const char*>(bytes),
                           static_cast<std::size_t>(written));
    return fault == nullptr ? code : fault->code;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    if (const DiskFault* fault = recorder().fault_of(Call::truncate)) return fault->code;
    const int code = find(file).methods->xTruncate(file, size);
    if (code == SQLITE_OK) recorder().truncated(find(file).number, static_cast<std::uint64_t>(size));
    return code;
}

int sync_file(sqlite3_file* file, int flags) {
    if (const DiskFault* fault = recorder().fault_of(Call::sync)) return fault->code;
    const int code = find(file).methods->xSync(file, flags);
    if (code != SQLITE_OK) return code;
    recorder().synced(find(file).number);
    if (find(file).syncs_directory) recorder().synced_directory();
    find(file).syncs_directory = false;
    return code;
}

/// What it does beside reading and writing goes to the operating system directly; version 2 has no mapped memory, which
/// would hide reads.
sqlite3_io_methods watched(const sqlite3_io_methods& methods) {
    sqlite3_io_methods result = methods;
    result.iVersion = 2;
    result.xClose = &close_file;
    result.xRead = &read_file;
    result.xWrite = &write_file;
    result.xTruncate = &truncate_file;
    result.xSync = &sync_file;
    return result;
}

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* opened) {
    if (const DiskFault* fault = recorder().fault_of(Call::open)) return fault->code;
    int exists = 0;
    if (name != nullptr) system_vfs->xAccess(system_vfs, name, SQLITE_ACCESS_EXISTS, &exists);
    const int code = system_vfs->xOpen(system_vfs, name, file, flags, opened);
    if (code != SQLITE_OK) return code;
    constexpr int kJournals = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;
    const bool lasts = name != nullptr && (flags & SQLITE_OPEN_DELETEONCLOSE) == 0;
    OpenFile& entry = open_files[file];
    entry = {file->pMethods, watched(*file->pMethods), lasts ? recorder().opened(name) : -1,
             exists == 0 && (flags & kJournals) != 0};
    file->pMethods = &entry.watched;
    return code;
}

int delete_file(sqlite3_vfs*, const char* name, int sync_directory) {
    const int code = system_vfs->xDelete(system_vfs, name, sync_directory);
    if (code != SQLITE_OK) return code;
    recorder().removed(name);
    if (sync_directory != 0) recorder().synced_directory();
    return code;
}

}  // namespace

Disk::Disk(Log log) : recorder_(log == Log::all) {
    Recorder::current = &recorder_;
    system_vfs = sqlite3_vfs_find(nullptr);
    watching_vfs = *system_vfs;
    watching_vfs.zName = "watches-the-disk";
    watching_vfs.xOpen = &open_file;
    watching_vfs.xDelete = &delete_file;
    sqlite3_vfs_register(&watching_vfs, 1);
}

Disk::~Disk() {
    sqlite3_vfs_unregister(&watching_vfs);
    sqlite3_vfs_register(system_vfs, 1);
    Recorder::current = nullptr;
}

}  // namespace fieldlink
