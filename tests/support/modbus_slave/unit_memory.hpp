#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <modbus/modbus.h>

#include "tests/support/modbus_slave/request.hpp"

namespace fieldlink {

/// The registers of one unit.
///
/// Inputs change by themselves: an input register is base + n and a discrete input (address + n) is odd, where n counts
/// the reads that this unit was asked for. So one poll's values tell it from any other's, and neighbours differ. Coils
/// and holding registers keep what was written to them; at first a holding register is its base, and every odd coil is
/// on. The base is unit × 257 + address × 4099, modulo 65536.
class UnitMemory {
public:
    /// Every table has the addresses 0 … size - 1.
    UnitMemory(int unit, int size);

    /// Makes the values that the answer to this read will hold.
    void refresh(const Request& read);

    /// What the range holds now; empty if it is not within the table.
    std::vector<int> values(const Request& range) const;

    void set(Table table, int address, int value);

    bool has(int address, int count) const { return address + count <= size_; }
    modbus_mapping_t* mapping() { return mapping_.get(); }

private:
    struct Free {
        void operator()(modbus_mapping_t* mapping) const { modbus_mapping_free(mapping); }
    };
    std::uint16_t base(int address) const;

    int unit_;
    int size_;
    unsigned reads_ = 0;
    std::unique_ptr<modbus_mapping_t, Free> mapping_;
};

}  // namespace fieldlink
