#include "daemon/ctl/outbox/iso_time.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace fieldlink {

std::string iso_time(std::chrono::milliseconds unix_time) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(unix_time);
    const std::time_t seconds = whole.count();
    std::tm utc{};
    if (!::gmtime_r(&seconds, &utc) || utc.tm_year < -1900 || utc.tm_year > 8'099)
        return std::to_string(unix_time.count());
    std::array<char, 32> text{}, fraction{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
    std::snprintf(fraction.data(), fraction.size(), ".%03dZ", static_cast<int>((unix_time - whole).count()));
    return std::string(text.data()) + fraction.data();
}

}  // namespace fieldlink
