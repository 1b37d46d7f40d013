#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "drivers/modbus/line.hpp"
#include "drivers/modbus/planner.hpp"

namespace fieldlink {

/// Reads and writes one sensor through a line: the requests are planned once; a merged read that the device refuses is
/// divided until only the bad points fail, and tried whole again every ten minutes, because no refusal is for ever.
///
/// Knows no clock: time is an argument. In the steady state it allocates nothing. [bus thread]
class SensorPoller {
public:
    using Instant = std::chrono::steady_clock::time_point;

    explicit SensorPoller(ModbusSensor sensor);

    /// As fl_driver::poll: the values of `points`, in their order.
    Outcome poll(Line& line, Indexes points, fl_value* values, Instant now);

    /// As fl_driver::write. All values are checked before the first is written. Neighbours that follow each other in
    /// `writes` go in one request.
    Outcome write(Line& line, Writes writes);

private:
    void want(Indexes points);
    bool is_wanted(const Read& read) const;
    Exchange take(Line& line, const Read& read, fl_value* values);
    Exchange take_apart(Line& line, std::size_t index, fl_value* values);
    void decode_cell(const Cell& cell, unsigned offset, fl_value* values);
    void fail_cell(const Cell& cell, std::uint32_t code, fl_value* values);

    Exchange make_sure(Line& line);
    Range unmistakable() const;

    Outcome encode_all(Writes writes);
    Outcome encode_at(const fl_write& write, unsigned offset);
    Writes run_of(Writes writes) const;
    Outcome write_run(Line& line, Writes run);
    Outcome outcome_of(const Exchange& exchange, const Range& range) const;

    ModbusSensor sensor_;
    Target target_;
    Plan plan_;
    std::vector<Read> reads_;  ///< what is asked now: plan_.reads, or parts of them
    Instant whole_again_ = Instant::max();
    std::vector<std::uint32_t> slots_;  ///< by point: its index in the values of this poll, or kNotWanted
    std::vector<std::size_t> text_at_;  ///< by point: where in text_ its characters go
    std::vector<char> text_;
    Data data_{};
};

}  // namespace fieldlink
