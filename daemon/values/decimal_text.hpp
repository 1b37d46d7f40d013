#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Numbers as decimal text without float noise: 0.1 × 215 is 21.5, not 21.500000000000004.
namespace fieldlink {

__extension__ using int128 = __int128;
__extension__ using uint128 = unsigned __int128;

/// mantissa × 10^exponent, exactly. Wide enough for any 64-bit register times any `scale` of the configuration.
struct WideDecimal {
    int128 mantissa = 0;
    int exponent = 0;
};

/// The exact product and sum. False if the result does not fit; `a` is then unchanged.
bool multiply(WideDecimal& a, const WideDecimal& b);
bool add(WideDecimal& a, const WideDecimal& b);

/// a ÷ b if that is a whole number that fits; `b` is not zero.
bool divide_to_whole(const WideDecimal& a, const WideDecimal& b, int128& whole);

/// The number as JSON, without needless zeros: {2150, -2} is 21.5.
void append_decimal(std::string& json, const WideDecimal& number);

/// Reads what std::to_chars or JSON writes ("-12.5e-3"). False if it is no number or has more than 34 digits.
bool parse_decimal(std::string_view text, WideDecimal& number);

}  // namespace fieldlink
