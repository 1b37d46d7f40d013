#include "daemon/ctl/tail_view.hpp"

#include <array>
#include <cstdio>

#include "daemon/ctl/human.hpp"
#include "daemon/ctl/status_view.hpp"
#include "daemon/ctl/terminal_text.hpp"

namespace fieldlink {

using std::chrono::milliseconds;

std::string tail_line(const TailReading& reading) {
    std::array<char, 8> fraction{};
    std::snprintf(fraction.data(), fraction.size(), ".%03d", static_cast<int>(reading.ts.count() % 1000));
    const std::string what = reading.error.empty() ? reading.values : "error " + reading.error;
    return moment_text(reading.ts) + fraction.data() + " " + reading.sensor + " " + what;
}

void TailTable::begin(const StatusReport& report) {
    for (const StatusReport::Sensor& sensor : report.sensors)
        rows_[sensor.name] = {sensor.state, sensor.last_reading, sensor.values, sensor.error};
}

void TailTable::take(const TailReading& reading) {
    Row& row = rows_[reading.sensor];
    row.error = reading.error;
    if (!reading.error.empty()) {
        // The last values stay, and their age tells how old they are.
        row.state = "failing";
        return;
    }
    row.state = "ok";
    row.last_reading = reading.ts;
    row.values = reading.values;
}

std::vector<std::string> TailTable::lines(milliseconds now, Style style, std::size_t width, std::size_t height) const {
    std::vector<std::vector<Cell>> cells{{{"SENSOR", Colour::heading},
                                          {"STATE", Colour::heading},
                                          {"LAST READING", Colour::heading},
                                          {"VALUES", Colour::heading}}};
    for (const auto& [sensor, row] : rows_) {
        const bool failing = !row.error.empty();
        const std::string what = failing ? row.error + (row.values.empty() ? "" : "; last: " + row.values) : row.values;
        cells.push_back({{sensor},
                         {row.state, colour_of(row.state)},
                         {ago_text(row.last_reading, now)},
                         {what, failing ? Colour::bad : Colour::none}});
    }
    std::vector<std::string> lines = table_lines(cells, style, width);
    if (lines.size() > height) {
        const std::size_t hidden = lines.size() - height + 1;
        lines.resize(height - 1);
        lines.push_back(fit("... and " + count_text(hidden, "more sensor") + ": make the window higher", width));
    }
    return lines;
}

}  // namespace fieldlink
