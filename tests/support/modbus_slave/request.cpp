#include "tests/support/modbus_slave/request.hpp"

#include <array>

namespace fieldlink {
namespace {

struct Function {
    int code;
    Table table;
    bool write;
    bool single;  // the request carries no count
};

// clang-format off
constexpr std::array<Function, 9> kFunctions{{
    {0x01, Table::coil,     false, false},
    {0x02, Table::discrete, false, false},
    {0x03, Table::holding,  false, false},
    {0x04, Table::input,    false, false},
    {0x05, Table::coil,     true,  true },
    {0x06, Table::holding,  true,  true },
    {0x0f, Table::coil,     true,  false},
    {0x10, Table::holding,  true,  false},
    {0x16, Table::holding,  true,  true },  // mask write
}};

constexpr std::array<const char*, 4> kTableNames{{"coil", "discrete", "holding", "input"}};
// clang-format on

int word_at(const Bytes& frame, std::size_t offset) {
    return frame[offset] << 8 | frame[offset + 1];
}

}  // namespace

const char* to_string(Table table) {
    return kTableNames[static_cast<std::size_t>(table)];
}

std::optional<Table> table_from(const std::string& name) {
    for (std::size_t i = 0; i < kTableNames.size(); ++i) {
        if (name == kTableNames[i]) return static_cast<Table>(i);
    }
    return std::nullopt;
}

std::optional<Request> parse_request(Framing framing, const Bytes& frame) {
    const std::size_t at = function_offset(framing);
    if (frame.size() < at + 5) return std::nullopt;
    for (const Function& function : kFunctions) {
        if (function.code != frame[at]) continue;
        Request request;
        request.unit = frame[at - 1];
        request.table = function.table;
        request.write = function.write;
        request.address = word_at(frame, at + 1);
        request.count = function.single ? 1 : word_at(frame, at + 3);
        return request;
    }
    return std::nullopt;
}

}  // namespace fieldlink
