#pragma once

namespace fieldlink {

/// Counts, while it lives, how often SQLite has the WAL of a database that is opened meanwhile written to the medium.
/// One at a time.
class WalSyncs {
public:
    WalSyncs();
    ~WalSyncs();
    WalSyncs(const WalSyncs&) = delete;
    WalSyncs& operator=(const WalSyncs&) = delete;

    int count() const;
};

}  // namespace fieldlink
