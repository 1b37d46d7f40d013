#include "daemon/ctl/human.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace fieldlink {

using std::chrono::milliseconds;

std::string span_text(milliseconds span) {
    struct Unit {
        std::int64_t seconds;
        const char* name;
    };
    constexpr std::array<Unit, 4> units{{{86'400, " d"}, {3'600, " h"}, {60, " min"}, {1, " s"}}};
    const std::int64_t seconds = std::max<std::int64_t>(0, span.count() / 1000);
    for (std::size_t i = 0; i + 1 < units.size(); ++i) {
        if (seconds < units[i].seconds) continue;
        const std::int64_t rest = seconds % units[i].seconds / units[i + 1].seconds;
        const std::string large = std::to_string(seconds / units[i].seconds) + units[i].name;
        return rest == 0 ? large : large + " " + std::to_string(rest) + units[i + 1].name;
    }
    return std::to_string(seconds) + " s";
}

std::string moment_text(milliseconds unix_time) {
    const std::time_t seconds = unix_time.count() / 1000;
    std::tm local{};
    std::array<char, 64> text{};
    // A year beyond what an int holds: the daemon's number is wrong, and showing it is all that can be done.
    if (!::localtime_r(&seconds, &local)) return std::to_string(seconds) + " s since 1970";
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &local)};
}

std::string bytes_text(std::uint64_t bytes) {
    constexpr std::array<const char*, 5> units{"KiB", "MiB", "GiB", "TiB", "PiB"};
    if (bytes < 1024) return std::to_string(bytes) + " B";
    double amount = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    // 999.5 and not 1024, so that it never takes four digits.
    for (; amount >= 999.5 && unit + 1 < units.size(); ++unit)
        amount /= 1024;
    std::array<char, 32> text{};
    const int decimals = amount < 9.995 ? 2 : amount < 99.95 ? 1 : 0;
    std::snprintf(text.data(), text.size(), "%.*f %s", decimals, amount, units[unit]);
    return text.data();
}

std::string count_text(std::uint64_t count, const std::string& noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string ordinal_text(std::uint64_t number) {
    constexpr std::array<const char*, 4> suffixes{"th", "st", "nd", "rd"};
    const std::uint64_t last = number % 10;
    const bool is_teen = number / 10 % 10 == 1;
    return std::to_string(number) + (is_teen || last > 3 ? "th" : suffixes.at(last));
}

}  // namespace fieldlink
