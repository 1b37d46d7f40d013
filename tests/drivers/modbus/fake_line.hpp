#pragma once

#include <deque>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "drivers/modbus/line.hpp"

namespace fieldlink {

/// A line whose requests are expected in order, each with the answer it gets.
class FakeLine : public Line {
public:
    ~FakeLine() override { EXPECT_TRUE(script_.empty()) << "never asked: " << script_.front().request; }

    void expect(const std::string& request, std::vector<std::uint16_t> words) {
        script_.push_back({request, {}, std::move(words)});
    }
    void expect_refusal(const std::string& request, std::uint32_t code = FL_CODE_ILLEGAL_ADDRESS) {
        script_.push_back({request, {Answer::refused, code, "no"}, {}});
    }
    void expect_silence(const std::string& request) {
        script_.push_back({request, {Answer::silent, FL_CODE_TIMEOUT, "no answer"}, {}});
    }
    void expect_loss(const std::string& request) {
        script_.push_back({request, {Answer::gone, FL_CODE_DISCONNECTED, "connection lost"}, {}});
    }
    bool script_used_up() const { return script_.empty(); }

    Outcome open() override { return Outcome::ok(); }
    void close() override {}
    Exchange read(const Target&, const Range& range, Data& data) override {
        const Step step = next("read " + to_string(range));
        for (std::size_t i = 0; i < step.words.size(); ++i) {
            data.registers[i] = step.words[i];
            data.bits[i] = step.words[i] != 0;
        }
        return step.exchange;
    }
    Exchange write(const Target&, const Range& range, const Data& data) override {
        std::string request = "write " + to_string(range) + " =";
        for (unsigned i = 0; i < range.count; ++i)
            request += " " + std::to_string(is_bits(range.table) ? data.bits[i] : data.registers[i]);
        return next(request).exchange;
    }
    bool doubts(unsigned) const override { return doubtful; }
    void trust(unsigned) override { doubtful = false; }

    bool doubtful = false;

private:
    struct Step {
        std::string request;
        Exchange exchange;
        std::vector<std::uint16_t> words;
    };
    Step next(const std::string& request) {
        if (script_.empty()) {
            ADD_FAILURE() << "not expected: " << request;
            return {request, {Answer::gone, FL_CODE_DISCONNECTED, ""}, {}};
        }
        Step step = script_.front();
        script_.pop_front();
        EXPECT_EQ(request, step.request);
        return step;
    }
    std::deque<Step> script_;
};

inline ModbusPoint point_at(Table table, unsigned address, ValueType type = ValueType::u16) {
    ModbusPoint point;
    point.name = "p" + std::to_string(address);
    point.format.type = type;
    point.format.registers = type == ValueType::string ? 2 : registers_of(type);
    point.range = {table, address, is_bits(table) ? 1 : static_cast<unsigned>(point.format.registers)};
    return point;
}

inline ModbusSensor sensor_of(std::vector<ModbusPoint> points, unsigned max_hole = 0) {
    ModbusSensor sensor;
    sensor.name = "boiler";
    sensor.unit = 3;
    sensor.max_hole = max_hole;
    sensor.points = std::move(points);
    return sensor;
}

}  // namespace fieldlink
