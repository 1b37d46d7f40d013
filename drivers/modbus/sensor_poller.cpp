#include "drivers/modbus/sensor_poller.hpp"

#include <algorithm>

namespace fieldlink {
namespace {

constexpr std::chrono::minutes kTryWholeAfter{10};
constexpr std::uint32_t kNotWanted = UINT32_MAX;
constexpr unsigned kAddresses = 65'536;

/// What an answer on the wire can be told by: its length in bytes, more or less.
unsigned answer_size(const Range& range) {
    return is_bits(range.table) ? (range.count + 7) / 8 : range.count;
}

}  // namespace

SensorPoller::SensorPoller(ModbusSensor sensor)
    : sensor_(std::move(sensor)),
      target_{sensor_.unit, sensor_.timeout},
      plan_(plan_reads(sensor_.points, sensor_.max_hole)),
      reads_(plan_.reads),
      slots_(sensor_.points.size(), kNotWanted) {
    std::size_t size = 0;
    for (const ModbusPoint& point : sensor_.points) {
        text_at_.push_back(size);
        if (point.format.type == ValueType::string) size += 2 * point.format.registers;
    }
    text_.resize(size);
}

Outcome SensorPoller::poll(Line& line, Indexes points, fl_value* values, Instant now) {
    if (sensor_.unit == 0) return Outcome::rejected(FL_CODE_REFUSED, "unit 0 is everybody: nobody answers to it");
    const Exchange sure = make_sure(line);
    if (sure.answer != Answer::given) return outcome_of(sure, unmistakable());
    if (now >= whole_again_) {
        reads_ = plan_.reads;
        whole_again_ = Instant::max();
    }
    want(points);
    for (std::size_t i = 0; i < reads_.size(); ++i) {
        const Read read = reads_[i];
        if (!is_wanted(read)) continue;
        Exchange exchange = take(line, read, values);
        if (exchange.answer == Answer::refused && read.count > 1) {
            const std::size_t before = reads_.size();
            exchange = take_apart(line, i, values);
            i += reads_.size() - before;
            whole_again_ = std::min(whole_again_, now + kTryWholeAfter);
        }
        if (exchange.answer == Answer::silent || exchange.answer == Answer::gone)
            return outcome_of(exchange, plan_.range(read));
    }
    return Outcome::ok();
}

void SensorPoller::want(Indexes points) {
    std::fill(slots_.begin(), slots_.end(), kNotWanted);
    for (std::uint32_t i = 0; i < points.count; ++i)
        slots_[points[i]] = i;
}

bool SensorPoller::is_wanted(const Read& read) const {
    const auto wanted = [this](std::uint32_t point) { return slots_[point] != kNotWanted; };
    return std::any_of(plan_.cells.begin() + read.first, plan_.cells.begin() + read.end(),
                       [&](const Cell& cell) { return std::any_of(cell.points.begin(), cell.points.end(), wanted); });
}

Exchange SensorPoller::take(Line& line, const Read& read, fl_value* values) {
    const Range range = plan_.range(read);
    Exchange exchange = line.read(target_, range, data_);
    for (std::uint32_t i = read.first; i < read.end(); ++i) {
        const Cell& cell = plan_.cells[i];
        if (exchange.answer == Answer::given) decode_cell(cell, cell.range.address - range.address, values);
        if (exchange.answer == Answer::refused) fail_cell(cell, exchange.code, values);
    }
    return exchange;
}

/// Asks for each cell of reads_[index] alone, and learns from it how to ask in the next polls. If the device falls
/// silent meanwhile, nothing was learnt.
Exchange SensorPoller::take_apart(Line& line, std::size_t index, fl_value* values) {
    const Read read = reads_[index];
    std::vector<bool> refused;
    for (std::uint32_t i = read.first; i < read.end(); ++i) {
        Exchange exchange = take(line, {i, 1}, values);
        if (exchange.answer == Answer::silent || exchange.answer == Answer::gone) return exchange;
        refused.push_back(exchange.answer == Answer::refused);
    }
    const std::vector<Read> parts = divide(plan_, read, refused);
    const auto at = reads_.erase(reads_.begin() + static_cast<std::ptrdiff_t>(index));
    reads_.insert(at, parts.begin(), parts.end());
    return {};
}

void SensorPoller::decode_cell(const Cell& cell, unsigned offset, fl_value* values) {
    for (const std::uint32_t index : cell.points) {
        if (slots_[index] == kNotWanted) continue;
        fl_value& value = values[slots_[index]];
        if (is_bits(cell.range.table))
            value = Value::boolean(data_.bits[offset] != 0);
        else
            value = decode(sensor_.points[index].format, &data_.registers[offset], text_.data() + text_at_[index]);
    }
}

void SensorPoller::fail_cell(const Cell& cell, std::uint32_t code, fl_value* values) {
    for (const std::uint32_t index : cell.points) {
        if (slots_[index] != kNotWanted) values[slots_[index]] = Value::failed(code);
    }
}

/// When a late answer of this unit may still be under way, the first request is one whose answer has a length that no
/// request of ours has: what comes back before it is recognised as late, and after it the line is in step. A refusal
/// is an answer as well.
Exchange SensorPoller::make_sure(Line& line) {
    if (!line.doubts(sensor_.unit) || reads_.empty()) return {};
    Exchange exchange = line.read(target_, unmistakable(), data_);
    if (exchange.answer == Answer::refused) exchange = {};
    if (exchange.answer == Answer::given) line.trust(sensor_.unit);
    return exchange;
}

Range SensorPoller::unmistakable() const {
    Range range = plan_.range(reads_.front());
    const auto is_like_ours = [&](const Range& ours) {
        return ours.table == range.table && answer_size(ours) == answer_size(range);
    };
    const auto mistakable = [&] {
        return std::any_of(reads_.begin(), reads_.end(), [&](auto& read) { return is_like_ours(plan_.range(read)); }) ||
               std::any_of(plan_.cells.begin(), plan_.cells.end(),
                           [&](auto& cell) { return is_like_ours(cell.range); });
    };
    const unsigned most = is_bits(range.table) ? kMaxBits : kMaxRegisters;
    for (range.count = 1; range.count < most && mistakable();)
        ++range.count;
    range.address = std::min(range.address, kAddresses - range.count);
    return range;
}

Outcome SensorPoller::outcome_of(const Exchange& exchange, const Range& range) const {
    const std::string message = "unit " + std::to_string(sensor_.unit) + ", " + to_string(range) + ": " + exchange.why;
    if (exchange.answer == Answer::gone) return Outcome::gone(exchange.code, exchange.why);
    if (exchange.answer == Answer::refused) return Outcome::rejected(exchange.code, message);
    return Outcome::transient(exchange.code, message);
}

}  // namespace fieldlink
