#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "tests/support/modbus_slave/codec.hpp"
#include "tests/support/modbus_slave/faults.hpp"
#include "tests/support/modbus_slave/unit_memory.hpp"

namespace fieldlink {

/// What happened to one request; `op` is read, write, exception or silent.
struct Served {
    const char* op = "";
    Request request;
    std::vector<int> values;  ///< read: as served; write: as held afterwards
    int exception = 0;
};

struct Answer {
    Bytes bytes;  ///< empty: the device says nothing
    std::chrono::milliseconds delay{0};
    std::optional<Served> served;  ///< absent for what is no read or write of a table
};

/// All units behind one line. Knows no socket and no clock.
class Slave {
public:
    struct Options {
        Framing framing = Framing::tcp;
        std::set<int> units;
        int size = 1000;  ///< addresses in each table
    };

    explicit Slave(Options options) : options_(std::move(options)), codec_(options_.framing) {}

    Answer handle(const Bytes& frame);

    /// Carries out `silent UNIT`, `late UNIT MS`, `exception UNIT TABLE ADDRESS CODE`, `set UNIT TABLE ADDRESS VALUE…`
    /// or `ok`. Returns what is wrong with the order, empty if nothing is.
    std::string order(const std::string& line);

private:
    UnitMemory& memory(int unit);
    Answer carry_out(const Bytes& frame, const std::optional<Request>& request);
    bool set_values(int unit, Table table, int address, std::istream& values);

    Options options_;
    Codec codec_;
    Faults faults_;
    std::map<int, UnitMemory> memories_;
};

}  // namespace fieldlink
