#pragma once

#include <cstdint>
#include <string>

namespace fieldlink {

/// Makes sure that an outbox file may be opened by its path without doing harm: it exists, no daemon has it open, and
/// root becomes the owner of the file for good, so that nothing in it, nor the files beside it, changes hands. Returns
/// its size in bytes. Throws ControlError, whose text says what to do.
std::uint64_t prepare_file_access(const std::string& path);

}  // namespace fieldlink
