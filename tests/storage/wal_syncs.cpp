#include "tests/storage/wal_syncs.hpp"

#include <sqlite3.h>

namespace fieldlink {
namespace {

sqlite3_vfs* system_vfs = nullptr;
sqlite3_vfs counting_vfs;
const sqlite3_io_methods* system_wal = nullptr;
sqlite3_io_methods counting_wal;
int syncs = 0;

int count_sync(sqlite3_file* file, int flags) {
    ++syncs;
    return system_wal->xSync(file, flags);
}

int open_counted(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* opened) {
    const int code = system_vfs->xOpen(system_vfs, name, file, flags, opened);
    if (code != SQLITE_OK || (flags & SQLITE_OPEN_WAL) == 0) return code;
    system_wal = file->pMethods;
    counting_wal = *system_wal;
    counting_wal.xSync = &count_sync;
    file->pMethods = &counting_wal;
    return code;
}

}  // namespace

WalSyncs::WalSyncs() {
    system_vfs = sqlite3_vfs_find(nullptr);
    counting_vfs = *system_vfs;
    counting_vfs.zName = "counts-wal-syncs";
    counting_vfs.xOpen = &open_counted;
    syncs = 0;
    sqlite3_vfs_register(&counting_vfs, 1);
}

WalSyncs::~WalSyncs() {
    sqlite3_vfs_unregister(&counting_vfs);
    sqlite3_vfs_register(system_vfs, 1);
}

int WalSyncs::count() const {
    return syncs;
}

}  // namespace fieldlink
