#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>

namespace fieldlink {

/// A set of sequence numbers, kept as disjoint intervals that do not touch. Every operation costs the logarithm of the
/// number of intervals. It also knows which intervals changed since they were last written to disk.
class OwedSet {
public:
    /// Adds first…last; what is in it already stays.
    void add(std::int64_t first, std::int64_t last);

    /// Removes first…last; what is not in it is no matter.
    void remove(std::int64_t first, std::int64_t last);

    bool contains(std::int64_t seq) const;

    /// The smallest number in the set that is greater than `seq`.
    std::optional<std::int64_t> next_after(std::int64_t seq) const;

    /// The last number of the interval that holds `seq`, which must be in the set.
    std::int64_t end_of_run(std::int64_t seq) const;

    /// How many numbers are in it.
    std::uint64_t size() const { return size_; }

    /// The intervals, first → last.
    const std::map<std::int64_t, std::int64_t>& intervals() const { return intervals_; }

    /// The `first` of every interval that may have come, gone or got another end since saved().
    const std::set<std::int64_t>& changed() const { return changed_; }
    void saved() { changed_.clear(); }

private:
    using Intervals = std::map<std::int64_t, std::int64_t>;
    Intervals::const_iterator holding(std::int64_t seq) const;
    void put(std::int64_t first, std::int64_t last);
    Intervals::iterator take_out(Intervals::iterator interval);

    Intervals intervals_;
    std::set<std::int64_t> changed_;
    std::uint64_t size_ = 0;
};

}  // namespace fieldlink
