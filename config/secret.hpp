#pragma once

#include <stdexcept>
#include <string>

#include "config/config.hpp"

namespace fieldlink {

/// A secret could not be read. The text says which, where and what to do; it never holds the secret.
class SecretError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Reads the secret that `ref` points to, now (it may have been rotated since the last time). A file loses its trailing
/// newline. Throws SecretError if it is missing, empty, unreadable, larger than 16 KiB or contains control characters.
std::string read_secret(const SecretRef& ref);

}  // namespace fieldlink
