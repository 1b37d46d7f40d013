#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fieldlink {

using Bytes = std::vector<std::uint8_t>;

/// The four tables of a Modbus device, by the names that fieldlink.yaml uses.
enum class Table { coil, discrete, holding, input };

const char* to_string(Table table);
std::optional<Table> table_from(const std::string& name);

/// How frames are put on the wire: after a length header (TCP) or with the function deciding the length and a CRC
/// (RTU).
enum class Framing { tcp, rtu };

/// What one request asks for, as far as a log and the faults need to know it.
struct Request {
    int unit = 0;
    Table table = Table::holding;
    bool write = false;
    int address = 0;
    int count = 0;

    bool covers(int register_address) const {
        return register_address >= address && register_address < address + count;
    }
};

/// Reads unit, table and range from a whole frame. Empty for functions that are neither read nor write of a table, and
/// for frames too short to say: those are libmodbus' to answer.
std::optional<Request> parse_request(Framing framing, const Bytes& frame);

/// Where a frame's function code stands.
inline std::size_t function_offset(Framing framing) {
    return framing == Framing::tcp ? 7 : 1;
}

}  // namespace fieldlink
