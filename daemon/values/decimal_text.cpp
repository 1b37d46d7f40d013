#include "daemon/values/decimal_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace fieldlink {
namespace {

constexpr int kMaxExponent = 400;  // beyond every double

/// Digits of a magnitude, most significant first, in a buffer that holds any 128-bit number.
class Digits {
public:
    explicit Digits(uint128 magnitude) {
        if (magnitude <= UINT64_MAX) {
            // By far the most common case, and several times faster than dividing 128 bits digit by digit.
            end_ = std::to_chars(buffer_, buffer_ + sizeof buffer_, static_cast<std::uint64_t>(magnitude)).ptr;
            return;
        }
        char* out = buffer_ + sizeof buffer_;
        for (; magnitude != 0; magnitude /= 10)
            *--out = static_cast<char>('0' + static_cast<int>(magnitude % 10));
        begin_ = out;
        end_ = buffer_ + sizeof buffer_;
    }
    /// Takes zeros off the end; returns how many.
    int drop_trailing_zeros() {
        const char* const before = end_;
        while (end_ - begin_ > 1 && end_[-1] == '0')
            --end_;
        return static_cast<int>(before - end_);
    }
    std::string_view text() const { return {begin_, static_cast<std::size_t>(end_ - begin_)}; }

private:
    char buffer_[40];
    const char* begin_ = buffer_;
    const char* end_ = buffer_;
};

void append_plain(std::string& json, std::string_view digits, int exponent) {
    const int point = static_cast<int>(digits.size()) + exponent;  // digits before the point
    if (exponent >= 0) {
        json.append(digits).append(static_cast<std::size_t>(exponent), '0');
    } else if (point > 0) {
        const auto whole = static_cast<std::size_t>(point);
        json.append(digits.substr(0, whole)).append(1, '.').append(digits.substr(whole));
    } else {
        json.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
    }
}

void append_scientific(std::string& json, std::string_view digits, int exponent) {
    json += digits.front();
    if (digits.size() > 1) json.append(1, '.').append(digits.substr(1));
    json.append(1, 'e').append(std::to_string(exponent + static_cast<int>(digits.size()) - 1));
}

/// What nearly every reading is: up to 18 digits with a point among them or a few zeros after it. Written in one go.
/// False if the number is not of that kind.
bool append_small(std::string& json, const WideDecimal& number) {
    constexpr std::int64_t kLimit = 1'000'000'000'000'000'000;
    constexpr int kMostPlaces = 6;
    if (number.mantissa <= -kLimit || number.mantissa >= kLimit) return false;
    int places = -number.exponent;
    if (places < 0 || places > kMostPlaces) return false;
    auto mantissa = static_cast<std::int64_t>(number.mantissa);
    for (; places > 0 && mantissa % 10 == 0; --places)
        mantissa /= 10;

    char text[1 + 18 + 1 + kMostPlaces];
    char* out = text;
    if (mantissa < 0) *out++ = '-';
    const auto magnitude = static_cast<std::uint64_t>(std::abs(mantissa));
    std::uint64_t unit = 1;
    for (int i = 0; i < places; ++i)
        unit *= 10;
    out = std::to_chars(out, text + sizeof text, magnitude / unit).ptr;
    if (places > 0) {
        std::uint64_t fraction = magnitude % unit;
        *out = '.';
        for (char* digit = out + places; digit != out; fraction /= 10)
            *digit-- = static_cast<char>('0' + fraction % 10);
        out += places + 1;
    }
    json.append(text, out);
    return true;
}

/// Takes "e-3" off the end of `text`.
bool take_exponent(std::string_view& text, int& exponent) {
    const auto e = text.find_first_of("eE");
    if (e == std::string_view::npos) return true;
    std::string_view digits = text.substr(e + 1);
    if (!digits.empty() && digits.front() == '+') digits.remove_prefix(1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    text = text.substr(0, e);
    return error == std::errc() && end == digits.data() + digits.size() && std::abs(exponent) <= kMaxExponent;
}

bool raise(int128& mantissa, int places) {
    for (; places > 0 && mantissa != 0; --places)
        if (__builtin_mul_overflow(mantissa, static_cast<int128>(10), &mantissa)) return false;
    return true;
}

}  // namespace

bool multiply(WideDecimal& a, const WideDecimal& b) {
    int128 product = 0;
    std::int64_t small = 0;
    // 64 bits hold nearly every product, and are several times faster.
    const auto left = static_cast<std::int64_t>(a.mantissa), right = static_cast<std::int64_t>(b.mantissa);
    if (left == a.mantissa && right == b.mantissa && !__builtin_mul_overflow(left, right, &small)) {
        a = {small, a.exponent + b.exponent};
        return true;
    }
    if (__builtin_mul_overflow(a.mantissa, b.mantissa, &product)) return false;
    a = {product, a.exponent + b.exponent};
    return true;
}

bool add(WideDecimal& a, const WideDecimal& b) {
    WideDecimal left = a, right = b;
    const int common = std::min(left.exponent, right.exponent);
    if (!raise(left.mantissa, left.exponent - common) || !raise(right.mantissa, right.exponent - common)) return false;
    if (__builtin_add_overflow(left.mantissa, right.mantissa, &left.mantissa)) return false;
    a = {left.mantissa, common};
    return true;
}

bool divide_to_whole(const WideDecimal& a, const WideDecimal& b, int128& whole) {
    int128 numerator = a.mantissa, denominator = b.mantissa;
    const int shift = a.exponent - b.exponent;
    if (!raise(numerator, shift) || !raise(denominator, -shift)) return false;
    if (denominator == 0 || numerator % denominator != 0) return false;
    whole = numerator / denominator;
    return true;
}

void append_decimal(std::string& json, const WideDecimal& number) {
    if (append_small(json, number)) return;
    if (number.mantissa == 0) {
        json += '0';
        return;
    }
    if (number.mantissa < 0) json += '-';
    const auto bits = static_cast<uint128>(number.mantissa);
    Digits digits(number.mantissa < 0 ? -bits : bits);
    int exponent = number.exponent;
    if (exponent < 0) exponent += digits.drop_trailing_zeros();
    if (exponent > 0 && number.exponent < 0) {  // 100 × 10^-1: the zeros before the point belong to the number
        append_plain(json, digits.text(), exponent);
        return;
    }
    const int magnitude = exponent + static_cast<int>(digits.text().size());
    if (magnitude > 21 || magnitude < -6)
        append_scientific(json, digits.text(), exponent);
    else
        append_plain(json, digits.text(), exponent);
}

bool parse_decimal(std::string_view text, WideDecimal& number) {
    int exponent = 0;
    if (!take_exponent(text, exponent)) return false;
    const bool negative = !text.empty() && text.front() == '-';
    if (negative) text.remove_prefix(1);
    constexpr int kMaxDigits = 34;
    int digits = 0;
    int128 mantissa = 0;
    bool after_point = false;
    for (const char c : text) {
        if (c == '.' && !after_point) {
            after_point = true;
            continue;
        }
        if (c < '0' || c > '9' || ++digits > kMaxDigits) return false;
        mantissa = mantissa * 10 + (c - '0');
        if (after_point) --exponent;
    }
    if (digits == 0) return false;
    number = {negative ? -mantissa : mantissa, exponent};
    return true;
}

}  // namespace fieldlink
