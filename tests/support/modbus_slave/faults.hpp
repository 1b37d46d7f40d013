#pragma once

#include <chrono>
#include <map>
#include <set>
#include <tuple>

#include "tests/support/modbus_slave/request.hpp"

namespace fieldlink {

/// What goes wrong on order, and for whom.
class Faults {
public:
    void silence(int unit) { silent_.insert(unit); }
    void delay(int unit, std::chrono::milliseconds by) { late_[unit] = by; }
    void refuse(int unit, Table table, int address, int code) { refused_[{unit, table, address}] = code; }
    void clear() { *this = Faults(); }

    bool is_silent(int unit) const { return silent_.count(unit) != 0; }

    /// By how much this unit's answers come late.
    std::chrono::milliseconds delay_of(int unit) const;

    /// The exception code that a request draws because it covers a refused address; 0 for none.
    int exception_for(const Request& request) const;

private:
    std::set<int> silent_;
    std::map<int, std::chrono::milliseconds> late_;
    std::map<std::tuple<int, Table, int>, int> refused_;
};

}  // namespace fieldlink
