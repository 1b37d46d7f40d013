#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

namespace fieldlink {

/// What this process has had the kernel write to storage since it started (/proc/self/io, write_bytes); absent if the
/// kernel does not tell.
std::optional<std::uint64_t> written_to_disk();

/// How fast flash is worn: what was written during the last hour, as gigabytes (10^9 bytes) a day. Pure.
class WriteMeter {
public:
    /// To be told from time to time; `now` by the boot clock.
    void note(std::uint64_t written, std::chrono::milliseconds now);

    /// Absent during the first minute.
    std::optional<double> gigabytes_a_day() const;

private:
    struct Sample {
        std::uint64_t written;
        std::chrono::milliseconds at;
    };
    std::deque<Sample> minutes_;  ///< of the last hour, oldest first
    Sample last_{};
};

}  // namespace fieldlink
