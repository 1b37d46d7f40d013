#pragma once

#include "tests/support/disk/recorder.hpp"

namespace fieldlink {

/// While it lives it stands between SQLite and the operating system, for databases that are opened meanwhile, and must
/// outlive them. It counts, keeps a log of what is done to their files, and lets calls fail. Also noted are the
/// program's own fsync(), fallocate(), truncate(), rename() and unlink(). One at a time, one thread, and all files in
/// one directory.
class Disk {
public:
    enum class Log { none, all };  ///< a log holds every byte that is written

    explicit Disk(Log log);
    ~Disk();
    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;

    const DiskLog& log() const { return recorder_.log(); }
    const DiskCounts& counts() const { return recorder_.counts(); }
    void reset_counts() { recorder_.reset_counts(); }

    /// Until heal() or another fault. SQLite's calls only.
    void fail(const DiskFault& fault) { recorder_.fail(fault); }
    void heal() { recorder_.heal(); }

private:
    Recorder recorder_;
};

}  // namespace fieldlink
