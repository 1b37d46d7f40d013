#include "drivers/modbus/sensor_poller.hpp"

namespace fieldlink {
namespace {

constexpr unsigned kMaxWrittenRegisters = 123;
constexpr unsigned kMaxWrittenBits = 1968;

unsigned write_limit(Table table) {
    return is_bits(table) ? kMaxWrittenBits : kMaxWrittenRegisters;
}

}  // namespace

Outcome SensorPoller::write(Line& line, Writes writes) {
    if (sensor_.unit == 0) return Outcome::rejected(FL_CODE_REFUSED, "writes to all units (unit 0) are not active yet");
    const Outcome valid = encode_all(writes);
    if (valid.status != FL_OK) return valid;
    const Exchange sure = make_sure(line);
    if (sure.answer != Answer::given) return outcome_of(sure, unmistakable());
    while (writes.count > 0) {
        const Writes run = run_of(writes);
        const Outcome written = write_run(line, run);
        if (written.status != FL_OK) return written;
        writes = {writes.first + run.count, writes.count - run.count};
    }
    return Outcome::ok();
}

Outcome SensorPoller::encode_all(Writes writes) {
    for (const fl_write& write : writes) {
        Outcome encoded = encode_at(write, 0);
        if (encoded.status == FL_OK) continue;
        encoded.message = sensor_.points[write.point].name + ": " + encoded.message;
        return encoded;
    }
    return Outcome::ok();
}

Outcome SensorPoller::encode_at(const fl_write& write, unsigned offset) {
    const ModbusPoint& point = sensor_.points[write.point];
    if (!is_bits(point.range.table)) return encode(point.format, write.value, &data_.registers[offset]);
    if (write.value.kind != FL_VALUE_BOOLEAN)
        return Outcome::rejected(FL_CODE_ILLEGAL_VALUE, "a coil takes true or false");
    data_.bits[offset] = write.value.as.s64 != 0;
    return Outcome::ok();
}

/// The first of `writes` and those after it that one request can carry.
Writes SensorPoller::run_of(Writes writes) const {
    Range range = sensor_.points[writes[0].point].range;
    std::uint32_t count = 1;
    for (; count < writes.count; ++count) {
        const Range& next = sensor_.points[writes[count].point].range;
        const bool follows = next.table == range.table && next.address == range.end();
        if (!follows || range.count + next.count > write_limit(range.table)) break;
        range.count += next.count;
    }
    return {writes.first, count};
}

Outcome SensorPoller::write_run(Line& line, Writes run) {
    Range range = sensor_.points[run[0].point].range;
    range.count = 0;
    for (const fl_write& write : run) {
        encode_at(write, range.count);
        range.count += sensor_.points[write.point].range.count;
    }
    const Exchange exchange = line.write(target_, range, data_);
    if (exchange.answer == Answer::given) return Outcome::ok();
    // A device that does not know FC15 or FC16 has written nothing yet; most know FC05 and FC06.
    const bool unknown_function = exchange.answer == Answer::refused && exchange.code == FL_CODE_REFUSED;
    if (!unknown_function || run.count == 1) return outcome_of(exchange, range);
    for (const fl_write& write : run) {
        const Outcome written = write_run(line, {&write, 1});
        if (written.status != FL_OK) return written;
    }
    return Outcome::ok();
}

}  // namespace fieldlink
