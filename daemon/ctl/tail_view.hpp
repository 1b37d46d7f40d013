#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "daemon/ctl/status_report.hpp"
#include "daemon/ctl/table.hpp"

namespace fieldlink {

/// What one line of `tail` says. Every text is printable.
struct TailReading {
    std::string sensor;
    std::chrono::milliseconds ts{0};
    std::string values;  ///< `temperature=71.5 pump=true`, points without a value as `setpoint=!illegal_address`
    std::string error;   ///< `timeout: unit 1: no answer in 500 ms`; empty if the sensor answered
};

/// A reading as a line for a file or a pipe, without its end: local time, sensor, what it read.
std::string tail_line(const TailReading& reading);

/// The live table: each sensor with its last values, their age, and its state. Pure; time is an argument.
class TailTable {
public:
    /// Fills in what the daemon knows already, so that quiet and failing sensors are there from the start.
    void begin(const StatusReport& report);

    void take(const TailReading& reading);

    /// The table as lines that fit into `width` columns, at most `height` of them.
    std::vector<std::string> lines(std::chrono::milliseconds now, Style style, std::size_t width,
                                   std::size_t height) const;

private:
    struct Row {
        std::string state;
        std::chrono::milliseconds last_reading{0};
        std::string values, error;
    };
    std::map<std::string, Row> rows_;
};

}  // namespace fieldlink
