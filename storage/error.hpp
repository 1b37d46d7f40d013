#pragma once

#include <stdexcept>

namespace fieldlink {

/// The storage cannot go on as it is: what failed, on which file, and what to do.
class StorageError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace fieldlink
