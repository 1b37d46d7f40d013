#include "tests/support/modbus_slave/unit_memory.hpp"

#include <new>

namespace fieldlink {

UnitMemory::UnitMemory(int unit, int size)
    : unit_(unit), size_(size), mapping_(modbus_mapping_new(size, size, size, size)) {
    if (!mapping_) throw std::bad_alloc();
    for (int address = 0; address < size; ++address) {
        mapping_->tab_bits[address] = address % 2 != 0;
        mapping_->tab_registers[address] = base(address);
    }
}

void UnitMemory::refresh(const Request& read) {
    ++reads_;
    if (!has(read.address, read.count)) return;
    for (int address = read.address; address < read.address + read.count; ++address) {
        const auto n = static_cast<unsigned>(address) + reads_;
        if (read.table == Table::discrete) mapping_->tab_input_bits[address] = n % 2 != 0;
        if (read.table == Table::input) {
            mapping_->tab_input_registers[address] = static_cast<std::uint16_t>(base(address) + reads_);
        }
    }
}

std::vector<int> UnitMemory::values(const Request& range) const {
    std::vector<int> values;
    if (!has(range.address, range.count)) return values;
    for (int address = range.address; address < range.address + range.count; ++address) {
        switch (range.table) {
            case Table::coil:
                values.push_back(mapping_->tab_bits[address]);
                break;
            case Table::discrete:
                values.push_back(mapping_->tab_input_bits[address]);
                break;
            case Table::holding:
                values.push_back(mapping_->tab_registers[address]);
                break;
            case Table::input:
                values.push_back(mapping_->tab_input_registers[address]);
                break;
        }
    }
    return values;
}

void UnitMemory::set(Table table, int address, int value) {
    if (!has(address, 1)) return;
    if (table == Table::coil) mapping_->tab_bits[address] = value != 0;
    if (table == Table::holding) mapping_->tab_registers[address] = static_cast<std::uint16_t>(value);
}

std::uint16_t UnitMemory::base(int address) const {
    return static_cast<std::uint16_t>(static_cast<unsigned>(unit_) * 257u + static_cast<unsigned>(address) * 4099u);
}

}  // namespace fieldlink
