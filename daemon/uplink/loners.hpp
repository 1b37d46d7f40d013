#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

namespace fieldlink {

/// Messages that were in a publish which went wrong, by their positions. Which of them is to blame, or whether the size
/// was, nobody knows: each is sent alone until it was acked. Those that were under way when the service closed because
/// of a frame are suspects: each is sent with nothing else under way, so that it is known whose fault a close is. Pure.
class Loners {
public:
    /// With so many, every message counts as one until they are fewer, and no more are kept.
    static constexpr std::size_t kMost = 16 * 1024;

    void add(const std::vector<std::int64_t>& positions);
    void add_suspects(const std::vector<std::int64_t>& positions);
    void acked(std::int64_t position);
    bool has(std::int64_t position) const;

    /// Those that were too many to be kept are none.
    bool is_suspect(std::int64_t position) const { return suspects_.count(position) != 0; }

    /// Nothing is owed any more: those that are left were dropped from the outbox.
    void forget();

private:
    static void add(const std::vector<std::int64_t>& positions, std::unordered_set<std::int64_t>& to);

    std::unordered_set<std::int64_t> positions_, suspects_;
};

}  // namespace fieldlink
