#pragma once

#include <random>
#include <string>

namespace fieldlink {

/// What can happen to a file between two starts.
enum class Damage { bit_flips, zeroed_pages, truncated, swapped_pages, garbage, replaced };

inline constexpr int kDamages = 6;

const char* name_of(Damage damage);

/// Changes the content, which is not empty.
void inflict(Damage damage, std::string& content, std::mt19937& random);

}  // namespace fieldlink
