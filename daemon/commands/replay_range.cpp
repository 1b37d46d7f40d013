#include "daemon/commands/replay_range.hpp"

#include <utility>

namespace fieldlink {
namespace {

using Bounds = std::pair<std::int64_t, std::int64_t>;

constexpr std::size_t kMaxEpoch = 64;

std::optional<Bounds> read_bounds(const JsonValue& message, const char* from, const char* to, std::string& why_not) {
    const auto first = message[from].integer(), last = message[to].integer();
    if (first && last && *first >= 0 && *first <= *last) return Bounds{*first, *last};
    why_not = std::string(from) + " and " + to + " must be whole numbers, the first not above the second";
    return std::nullopt;
}

bool read_epoch(const JsonValue& epoch, Range& range, std::string& why_not) {
    if (!epoch.exists()) return true;
    const auto text = epoch.string();
    if (text && !text->empty() && text->size() <= kMaxEpoch) {
        range.epoch = std::string(*text);
        return true;
    }
    why_not = "epoch must be a string, the second part of a messageId";
    return false;
}

}  // namespace

std::optional<Range> read_replay_range(const JsonValue& message, std::string& why_not) {
    const bool by_seq = message["from_seq"].exists() || message["to_seq"].exists();
    const bool by_time = message["from_ts"].exists() || message["to_ts"].exists();
    if (by_seq == by_time) {
        why_not = "write either from_seq and to_seq, or from_ts and to_ts";
        return std::nullopt;
    }
    Range range;
    if (by_time) {
        const auto bounds = read_bounds(message, "from_ts", "to_ts", why_not);
        if (!bounds) return std::nullopt;
        range.since = std::chrono::milliseconds(bounds->first);
        range.until = std::chrono::milliseconds(bounds->second);
        return range;
    }
    const auto bounds = read_bounds(message, "from_seq", "to_seq", why_not);
    if (!bounds || !read_epoch(message["epoch"], range, why_not)) return std::nullopt;
    range.from_seq = bounds->first;
    range.to_seq = bounds->second;
    return range;
}

}  // namespace fieldlink
