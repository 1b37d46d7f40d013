#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

namespace fieldlink {

/// Messages that were in a publish which went wrong, by their positions. Which of them is to blame, or whether the size
/// was, nobody knows: each is sent alone until it was acked. Pure.
class Loners {
public:
    /// With so many, every message counts as one until they are fewer, and no more are kept.
    static constexpr std::size_t kMost = 16 * 1024;

    void add(const std::vector<std::int64_t>& positions);
    void acked(std::int64_t position) { positions_.erase(position); }
    bool has(std::int64_t position) const;

    /// Nothing is owed any more: those that are left were dropped from the outbox.
    void forget() { positions_.clear(); }

private:
    std::unordered_set<std::int64_t> positions_;
};

}  // namespace fieldlink
