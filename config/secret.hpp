#pragma once

#include <filesystem>
#include <optional>
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

/// The file that holds the secret. Absent for a variable, and for a credential outside of a service, where systemd
/// gives no directory.
std::optional<std::filesystem::path> secret_file(const SecretRef& ref);

/// Whether systemd runs this process as a service: then every secret must be there. Elsewhere, as for somebody who
/// checks a file by hand, it may not be.
bool is_inside_service();

}  // namespace fieldlink
