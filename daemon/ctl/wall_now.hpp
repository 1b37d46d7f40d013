#pragma once

#include <chrono>

namespace fieldlink {

/// Unix time now.
inline std::chrono::milliseconds wall_now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
}

}  // namespace fieldlink
