#pragma once

#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/support/disk/event.hpp"

namespace fieldlink {

/// The files of a directory by name.
using DiskImage = std::map<std::string, std::string>;

/// What a disk holds if power is lost while the log of a Disk is written: of each file all that was done before its
/// last sync; of what was done later any part, in any order, and writes may be torn. Names (create, rename, remove) are
/// safe after a sync of the directory; of later ones the first few are there, as journalling filesystems keep their
/// order.
class PowerCut {
public:
    explicit PowerCut(const DiskLog& log) : log_(log) {}

    /// Goes on to the moment before log[index] was done. Never back.
    void advance_to(std::size_t index);

    DiskImage image(std::mt19937& random) const;

private:
    using Names = std::map<std::string, int>;
    using Pending = std::vector<std::size_t>;  ///< places in the log
    struct File {
        std::string safe;
        Pending pending;
    };

    void advance(std::size_t index);
    std::string content(const File& file, std::mt19937& random) const;

    const DiskLog& log_;
    std::size_t at_ = 0;
    std::map<int, File> files_;
    Names safe_names_;
    Pending pending_names_;
};

}  // namespace fieldlink
