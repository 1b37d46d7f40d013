#include "daemon/commands/sender.hpp"

#include <algorithm>

namespace fieldlink {
namespace {

/// The usual two-pointer match: on a mismatch the last `*` takes one character more. Linear in practice, and never
/// worse than the product of both lengths.
bool matches(std::string_view pattern, std::string_view text) {
    std::size_t p = 0, t = 0, after_star = std::string_view::npos, star_text = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            after_star = ++p;
            star_text = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p, ++t;
        } else if (after_star != std::string_view::npos) {
            p = after_star;
            t = ++star_text;
        } else {
            return false;
        }
    }
    return std::all_of(pattern.begin() + static_cast<std::ptrdiff_t>(p), pattern.end(),
                       [](char c) { return c == '*'; });
}

}  // namespace

bool sender_allowed(const std::vector<std::string>& patterns, std::string_view from) {
    if (patterns.empty()) return true;
    return std::any_of(patterns.begin(), patterns.end(), [from](const auto& p) { return matches(p, from); });
}

}  // namespace fieldlink
