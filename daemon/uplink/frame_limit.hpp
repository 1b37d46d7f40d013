#pragma once

#include <algorithm>
#include <cstddef>

namespace fieldlink {

/// How big a frame may be: as the welcome says, and as experience does. Pure.
class FrameLimit {
public:
    /// No smaller limit is ever learnt, nor taken from a welcome.
    static constexpr std::size_t kLeast = 1024;

    /// By this connection's welcome.
    void announced(std::size_t bytes) { announced_ = bytes; }

    /// The service closed with 1009, and no frame under way was bigger than this one: for the life of the process,
    /// frames are at most half as big.
    void found_too_big(std::size_t bytes) { learnt_ = std::min(learnt_, std::max(kLeast, bytes / 2)); }

    /// Nothing bigger is ever sent.
    std::size_t announced() const { return announced_; }

    /// Nothing bigger is sent that can be sent as something smaller.
    std::size_t usual() const { return std::min(announced_, learnt_); }

private:
    std::size_t announced_ = 0, learnt_ = static_cast<std::size_t>(-1);
};

}  // namespace fieldlink
