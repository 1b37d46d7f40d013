#pragma once

#include <stdexcept>
#include <string>

namespace fieldlink {

/// What the one who catches a StorageError does next.
enum class StorageFault {
    retry,    ///< full, read-only, out of memory: the same again later, on the same connection
    reopen,   ///< reading or writing failed: should that go on, open the file again
    replace,  ///< the file is damaged: move it aside and begin a new one
    refuse,   ///< it cannot be opened as it is, and is left alone; later it may be another file
};

/// The storage cannot go on as it is: what failed, on which file, and what to do.
class StorageError : public std::runtime_error {
public:
    StorageError(StorageFault fault, const std::string& what) : std::runtime_error(what), fault_(fault) {}

    StorageFault fault() const { return fault_; }

private:
    StorageFault fault_;
};

}  // namespace fieldlink
