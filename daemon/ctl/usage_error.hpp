#pragma once

#include <stdexcept>

namespace fieldlink {

/// The command line asks for something that cannot be meant. The text says what to write instead; the exit status is 2.
class UsageError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace fieldlink
