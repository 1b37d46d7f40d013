#include <cstdlib>
#include <new>
#include <numeric>

#include <gtest/gtest.h>

#include "drivers/modbus/sensor_poller.hpp"

namespace {

std::size_t allocations = 0;

void* counted(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) {
    return counted(size);
}
void* operator new[](std::size_t size) {
    return counted(size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete[](void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace fieldlink {
namespace {

/// Answers everything with the same registers, and allocates nothing itself.
class GenerousLine : public Line {
public:
    Outcome open() override { return Outcome::ok(); }
    void close() override {}
    Exchange read(const Target&, const Range&, Data& data) override {
        data.registers.fill(0x4142);
        return {};
    }
    Exchange write(const Target&, const Range&, const Data&) override { return {}; }
    bool doubts(unsigned) const override { return false; }
    void trust(unsigned) override {}
};

ModbusSensor sensor_with_all_types() {
    ModbusSensor sensor;
    sensor.unit = 1;
    unsigned address = 0;
    for (const ValueType type : {ValueType::u16, ValueType::s32, ValueType::f32, ValueType::f64, ValueType::string}) {
        ModbusPoint point;
        point.format.type = type;
        point.format.registers = type == ValueType::string ? 20 : registers_of(type);
        point.range = {Table::input, address, static_cast<unsigned>(point.format.registers)};
        address += point.range.count + 1;
        sensor.points.push_back(point);
    }
    return sensor;
}

TEST(ModbusSensorPoller, AllocatesNothingInTheSteadyState) {
    SensorPoller poller(sensor_with_all_types());
    GenerousLine line;
    const std::vector<std::uint32_t> points{0, 1, 2, 3, 4};
    std::vector<fl_value> values(points.size());
    const SensorPoller::Instant now{};

    const std::size_t before = allocations;
    for (int i = 0; i < 10; ++i)
        poller.poll(line, {points.data(), 5}, values.data(), now);
    EXPECT_EQ(allocations - before, 0u);
    EXPECT_EQ(values[0].as.u64, 0x4142u);
    EXPECT_GT(before, 0u);
}

}  // namespace
}  // namespace fieldlink
