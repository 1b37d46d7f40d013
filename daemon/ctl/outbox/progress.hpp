#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

namespace fieldlink {

/// `[########------------]  40 %`, 20 columns of bar; full for a total of 0.
std::string bar_text(std::uint64_t done, std::uint64_t total);

/// How a long verb gets on: one line that is drawn again on a terminal, else a line every few seconds.
class ProgressLine {
public:
    using Instant = std::chrono::steady_clock::time_point;
    enum class Kind { silent, lines, live };

    /// What standard error is; `wanted` false: silent.
    static ProgressLine on_stderr(bool wanted);

    ProgressLine(std::ostream& out, Kind kind, std::size_t width) : out_(out), kind_(kind), width_(width) {}

    /// `text` is printable. Shows it if it is due: ten times a second on a terminal, else every 5 s, the first time
    /// after 5 s.
    void show(const std::string& text, Instant now);

    /// Removes the line from a terminal, so that what comes next stands in its place.
    void clear();

private:
    std::ostream& out_;
    Kind kind_;
    std::size_t width_;
    std::optional<Instant> next_;
    bool drawn_ = false;
};

}  // namespace fieldlink
