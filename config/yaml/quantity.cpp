#include "config/yaml/quantity.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>

namespace fieldlink {
namespace {

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

/// Another way to write a unit, in small letters.
struct Alias {
    std::string_view written;
    std::string_view meant;
};

constexpr std::array<Unit, 5> kDurationUnits{
    {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::array<Unit, 4> kSizeUnits{{{"B", 1}, {"KiB", 1ull << 10}, {"MiB", 1ull << 20}, {"GiB", 1ull << 30}}};

// clang-format off
constexpr std::array<Alias, 21> kDurationAliases{{
    {"ms", "ms"}, {"msec", "ms"}, {"millis", "ms"}, {"milliseconds", "ms"},
    {"", "s"}, {"s", "s"}, {"sec", "s"}, {"secs", "s"}, {"second", "s"}, {"seconds", "s"},
    {"m", "m"}, {"min", "m"}, {"mins", "m"}, {"minute", "m"}, {"minutes", "m"},
    {"h", "h"}, {"hour", "h"}, {"hours", "h"},
    {"d", "d"}, {"day", "d"}, {"days", "d"},
}};
constexpr std::array<Alias, 11> kSizeAliases{{
    {"b", "B"}, {"bytes", "B"},
    {"k", "KiB"}, {"kb", "KiB"}, {"kib", "KiB"},
    {"m", "MiB"}, {"mb", "MiB"}, {"mib", "MiB"},
    {"g", "GiB"}, {"gb", "GiB"}, {"gib", "GiB"},
}};
// clang-format on

/// Leaves room to compute with the result in signed 64-bit integers.
constexpr std::uint64_t kMostOfAnything = std::numeric_limits<std::int64_t>::max() / 4;

template <std::size_t N>
std::optional<std::uint64_t> parse_with_unit(std::string_view text, const std::array<Unit, N>& units) {
    std::uint64_t count = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, count);
    if (error != std::errc() || rest == text.data()) return std::nullopt;
    const std::string_view name(rest, static_cast<std::size_t>(end - rest));
    for (const Unit& unit : units) {
        if (unit.name == name && count <= kMostOfAnything / unit.factor) return count * unit.factor;
    }
    return std::nullopt;
}

template <std::size_t N>
std::string format_with_unit(std::uint64_t value, const std::array<Unit, N>& units) {
    const Unit* best = &units.front();
    for (const Unit& unit : units) {
        if (value != 0 && value % unit.factor == 0) best = &unit;
    }
    return std::to_string(value / best->factor) + std::string(best->name);
}

template <std::size_t N>
std::optional<std::string> repaired(std::string_view text, const std::array<Alias, N>& aliases) {
    std::string digits, unit;
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        if (std::isdigit(byte) && unit.empty()) {
            digits += letter;
        } else if (!std::isspace(byte)) {
            unit += static_cast<char>(std::tolower(byte));
        }
    }
    if (digits.empty() || digits.size() > 9) return std::nullopt;
    for (const Alias& alias : aliases) {
        if (alias.written == unit) return digits + std::string(alias.meant);
    }
    return std::nullopt;
}

std::string_view without_plus(std::string_view text) {
    const bool plus = text.size() > 1 && text[0] == '+' && text[1] != '-';
    return plus ? text.substr(1) : text;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    const auto value = parse_with_unit(text, kDurationUnits);
    if (!value) return std::nullopt;
    return std::chrono::milliseconds(static_cast<std::int64_t>(*value));
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
    return parse_with_unit(text, kSizeUnits);
}

std::optional<std::int64_t> parse_whole(std::string_view text) {
    text = without_plus(text);
    const bool negative = !text.empty() && text[0] == '-';
    std::string digits(negative ? text.substr(1) : text);
    const bool hex = digits.size() > 2 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
    if (hex) digits.erase(0, 2);
    if (digits.empty() || digits[0] == '-' || (!hex && digits.size() > 1 && digits[0] == '0')) return std::nullopt;
    if (negative) digits.insert(0, "-");
    std::int64_t value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, value, hex ? 16 : 10);
    if (error != std::errc() || rest != end) return std::nullopt;
    return value;
}

std::optional<double> parse_number(std::string_view text) {
    text = without_plus(text);
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || rest != end || !std::isfinite(value)) return std::nullopt;
    return value;
}

std::optional<Decimal> parse_decimal_scalar(std::string_view text) {
    text = without_plus(text);
    const std::size_t mark = std::min(text.find_first_of("eE"), text.size());
    std::string digits(text.substr(0, mark));
    std::int64_t exponent = 0;
    if (mark < text.size()) {
        const auto written = parse_number(text.substr(mark + 1));
        if (!written || *written != std::trunc(*written) || std::abs(*written) > 1'000) return std::nullopt;
        exponent = static_cast<std::int64_t>(*written);
    }
    const std::size_t point = digits.find('.');
    if (point != std::string::npos) {
        digits.erase(digits.find_last_not_of('0') + 1);
        exponent -= static_cast<std::int64_t>(digits.size() - point - 1);
        digits.erase(point, 1);
    }
    std::int64_t mantissa = 0;
    const char* const end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, mantissa);
    if (error != std::errc() || rest != end) return std::nullopt;
    if (mantissa == 0) return Decimal{0, 0};
    if (exponent < -18 || exponent > 18) return std::nullopt;
    return Decimal{mantissa, static_cast<int>(exponent)};
}

std::string format_duration(std::chrono::milliseconds duration) {
    return format_with_unit(static_cast<std::uint64_t>(duration.count()), kDurationUnits);
}

std::string format_size(std::uint64_t size) {
    return format_with_unit(size, kSizeUnits);
}

std::string format_number(double number) {
    std::array<char, 32> text{};
    const auto result = std::to_chars(text.data(), text.data() + text.size(), number);
    return {text.data(), result.ptr};
}

std::optional<std::string> repaired_duration(std::string_view text) {
    return repaired(text, kDurationAliases);
}

std::optional<std::string> repaired_size(std::string_view text) {
    return repaired(text, kSizeAliases);
}

}  // namespace fieldlink
