#include "daemon/ctl/outbox/moment.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <optional>
#include <string>

#include "daemon/ctl/usage_error.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
    throw UsageError("\"" + std::string(text) + "\" " + why +
                     "; write e.g. 2h (ago), 1764000000000 (Unix ms), 2025-11-24T14:03 (local time) or "
                     "2025-11-24T14:03:11Z");
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

std::optional<std::int64_t> number(std::string_view digits) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

std::optional<seconds> unit(char c) {
    switch (c) {
        case 's':
            return seconds(1);
        case 'm':
            return seconds(60);
        case 'h':
            return seconds(3'600);
        case 'd':
            return seconds(86'400);
        case 'w':
            return seconds(7 * 86'400);
        default:
            return std::nullopt;
    }
}

milliseconds ago(std::string_view text, seconds one, milliseconds now) {
    constexpr std::int64_t kCentury = 100LL * 366 * 86'400;
    const auto count = number(text.substr(0, text.size() - 1));
    if (!count || *count > kCentury / one.count()) refuse(text, "is longer than anything that is stored");
    return now - *count * one;
}

milliseconds unix_time(std::string_view text) {
    constexpr std::int64_t kLeast = 100'000'000'000;  // March 1973: whoever writes less means seconds
    const auto value = number(text);
    if (!value || *value > 100 * kLeast) refuse(text, "is too large for Unix time in milliseconds");
    if (*value < kLeast) refuse(text, "is too small for Unix time in milliseconds (are these seconds? append 000)");
    return milliseconds(*value);
}

/// Takes an ISO 8601 moment apart from left to right.
class IsoScanner {
public:
    explicit IsoScanner(std::string_view text) : text_(text), rest_(text) {}

    milliseconds scan() {
        date();
        if (take('T') || take('t') || take(' ')) time();
        const auto offset = zone();
        if (!rest_.empty()) fail();
        return to_unix(offset) + fraction_;
    }

private:
    [[noreturn]] void fail() const { refuse(text_, "is no time"); }

    bool take(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }

    int digits(std::size_t count, int min, int max) {
        if (rest_.size() < count || !all_digits(rest_.substr(0, count))) fail();
        const int value = static_cast<int>(*number(rest_.substr(0, count)));
        if (value < min || value > max) refuse(text_, "does not exist: " + std::string(rest_.substr(0, count)));
        rest_.remove_prefix(count);
        return value;
    }

    void date() {
        tm_.tm_year = digits(4, 1970, 9999) - 1900;
        if (!take('-')) fail();
        tm_.tm_mon = digits(2, 1, 12) - 1;
        if (!take('-')) fail();
        tm_.tm_mday = digits(2, 1, days_in_month());
    }

    int days_in_month() const {
        constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        const int year = tm_.tm_year + 1900;
        const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return tm_.tm_mon == 1 && leap ? 29 : kDays[tm_.tm_mon];
    }

    void time() {
        has_time_ = true;
        tm_.tm_hour = digits(2, 0, 23);
        if (!take(':')) fail();
        tm_.tm_min = digits(2, 0, 59);
        if (!take(':')) return;
        tm_.tm_sec = digits(2, 0, 59);
        if (take('.') || take(',')) fraction();
    }

    void fraction() {
        if (rest_.empty() || !is_digit(rest_.front())) fail();
        for (int weight = 100; !rest_.empty() && is_digit(rest_.front()); weight /= 10) {
            fraction_ += milliseconds(weight * (rest_.front() - '0'));
            rest_.remove_prefix(1);
        }
    }

    /// The offset from UTC, if one is written.
    std::optional<seconds> zone() {
        if (!has_time_) return std::nullopt;
        if (take('Z') || take('z')) return seconds(0);
        const bool east = take('+');
        if (!east && !take('-')) return std::nullopt;
        seconds offset(digits(2, 0, 14) * 3'600);
        if (take(':') || !rest_.empty()) offset += seconds(digits(2, 0, 59) * 60);
        return east ? offset : -offset;
    }

    milliseconds to_unix(std::optional<seconds> offset) {
        if (offset) return seconds(::timegm(&tm_)) - *offset;
        tm_.tm_isdst = -1;
        return seconds(std::mktime(&tm_));
    }

    std::string_view text_, rest_;
    std::tm tm_{};
    milliseconds fraction_{0};
    bool has_time_ = false;
};

}  // namespace

milliseconds parse_moment(std::string_view text, milliseconds now) {
    if (all_digits(text)) return unix_time(text);
    if (text.size() >= 2 && all_digits(text.substr(0, text.size() - 1)))
        if (const auto one = unit(text.back())) return ago(text, *one, now);
    return IsoScanner(text).scan();
}

}  // namespace fieldlink
