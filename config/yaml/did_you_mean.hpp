#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fieldlink {

/// How many single letters must be put in, left out, changed or swapped with their neighbour to make `a` into `b`;
/// capital letters count as small ones.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate that was most likely meant, if any is near enough to be worth saying.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

/// `; did you mean "b"? (a, b, c)`, the end of a message about a word that is none of `candidates`.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace fieldlink
