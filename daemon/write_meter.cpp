#include "daemon/write_meter.hpp"

#include <fstream>
#include <string>

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kMinute{60'000}, kHour{3'600'000};

}  // namespace

std::optional<std::uint64_t> written_to_disk() {
    std::ifstream io("/proc/self/io");
    std::string name;
    std::uint64_t value = 0;
    while (io >> name >> value)
        if (name == "write_bytes:") return value;
    return std::nullopt;
}

void WriteMeter::note(std::uint64_t written, milliseconds now) {
    last_ = {written, now};
    if (minutes_.empty() || now - minutes_.back().at >= kMinute) minutes_.push_back(last_);
    while (now - minutes_.front().at > kHour)
        minutes_.pop_front();
}

std::optional<double> WriteMeter::gigabytes_a_day() const {
    if (minutes_.empty() || last_.at - minutes_.front().at < kMinute) return std::nullopt;
    constexpr double kDay = 24 * 3'600'000, kGigabyte = 1e9;
    const auto written = static_cast<double>(last_.written - minutes_.front().written);
    return written / static_cast<double>((last_.at - minutes_.front().at).count()) * kDay / kGigabyte;
}

}  // namespace fieldlink
