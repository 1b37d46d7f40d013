#include "tests/support/modbus_slave/faults.hpp"

namespace fieldlink {

std::chrono::milliseconds Faults::delay_of(int unit) const {
    const auto found = late_.find(unit);
    return found == late_.end() ? std::chrono::milliseconds{0} : found->second;
}

int Faults::exception_for(const Request& request) const {
    const auto first = refused_.lower_bound({request.unit, request.table, request.address});
    if (first == refused_.end()) return 0;
    const auto [unit, table, address] = first->first;
    const bool hit = unit == request.unit && table == request.table && request.covers(address);
    return hit ? first->second : 0;
}

}  // namespace fieldlink
