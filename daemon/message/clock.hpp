#pragma once

#include <string>

#include "storage/message.hpp"

namespace fieldlink {

/// This moment by the boot clock and the wall clock. Any thread.
Stamp now();

/// The kernel's id of this boot, by which stamps of the boot clock are comparable. Empty if the kernel hides it.
std::string boot_id();

}  // namespace fieldlink
