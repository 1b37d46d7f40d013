#pragma once

#include <map>
#include <optional>
#include <string>

#include "tests/support/disk/event.hpp"

namespace fieldlink {

/// Knows the files by name and by number, and notes what happens to them. Without `keeps_log` it only counts.
class Recorder {
public:
    explicit Recorder(bool keeps_log) : keeps_log_(keeps_log) {}

    /// The one that system calls of the program itself are noted by; null: none.
    static Recorder* current;

    const DiskLog& log() const { return log_; }
    const DiskCounts& counts() const { return counts_; }
    void reset_counts() { counts_ = {}; }

    void fail(const DiskFault& fault) { fault_ = fault; }
    void heal() { fault_.reset(); }

    /// The fault that this call has to suffer, if any.
    const DiskFault* fault_of(DiskFault::Call call);

    /// The number of the file. One that was not seen before is noted as created, or, if it has content, as one that is
    /// safe on disk already.
    int opened(const std::string& path);

    void read(std::uint64_t bytes);
    void written(int file, std::uint64_t offset, const char* bytes, std::size_t size);
    void truncated(int file, std::uint64_t size);
    void synced(int file);
    void removed(const std::string& path);
    void renamed(const std::string& from, const std::string& to);
    void synced_directory();

private:
    void note(DiskEvent event);
    void note_old_content(int file, const std::string& path);

    bool keeps_log_;
    DiskLog log_;
    DiskCounts counts_;
    std::optional<DiskFault> fault_;
    std::map<std::string, int> numbers_;
    int next_number_ = 0;
};

}  // namespace fieldlink
