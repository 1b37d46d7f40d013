#include "tests/support/modbus_slave/slave.hpp"

#include <sstream>
#include <utility>

namespace fieldlink {
namespace {

constexpr const char* kOrders =
    "want: silent UNIT | late UNIT MS | exception UNIT TABLE ADDRESS CODE | set UNIT TABLE ADDRESS VALUE… | close | ok";

constexpr std::size_t kShortestFrame = 8;

int exception_in(Framing framing, const Bytes& answer) {
    const std::size_t at = function_offset(framing);
    return answer.size() > at + 1 && (answer[at] & 0x80) != 0 ? answer[at + 1] : 0;
}

}  // namespace

Answer Slave::handle(const Bytes& frame) {
    if (frame.size() < kShortestFrame || frame.size() > MODBUS_TCP_MAX_ADU_LENGTH) return {};
    const int unit = frame[function_offset(options_.framing) - 1];
    const std::optional<Request> request = parse_request(options_.framing, frame);
    if (options_.units.count(unit) == 0) return {};
    if (faults_.is_silent(unit)) {
        Answer answer;
        if (request) answer.served = Served{"silent", *request, {}, 0};
        return answer;
    }
    Answer answer = carry_out(frame, request);
    answer.delay = faults_.delay_of(unit);
    return answer;
}

Answer Slave::carry_out(const Bytes& frame, const std::optional<Request>& request) {
    UnitMemory& unit = memory(frame[function_offset(options_.framing) - 1]);
    if (request && !request->write) unit.refresh(*request);
    Answer answer;
    answer.bytes = codec_.answer(frame, unit.mapping(), request ? faults_.exception_for(*request) : 0);
    if (!request || answer.bytes.empty()) return answer;
    const int exception = exception_in(options_.framing, answer.bytes);
    if (exception != 0) {
        answer.served = Served{"exception", *request, {}, exception};
    } else {
        answer.served = Served{request->write ? "write" : "read", *request, unit.values(*request), 0};
    }
    return answer;
}

std::string Slave::order(const std::string& line) {
    std::istringstream words(line);
    std::string verb, table_name;
    int unit = 0, number = 0, code = 0;
    words >> verb;
    if (verb == "ok") {
        faults_.clear();
        return {};
    }
    if (!(words >> unit) || options_.units.count(unit) == 0) return kOrders;
    if (verb == "silent") {
        faults_.silence(unit);
        return {};
    }
    if (verb == "late" && words >> number) {
        faults_.delay(unit, std::chrono::milliseconds(number));
        return {};
    }
    words >> table_name >> number;
    const std::optional<Table> table = table_from(table_name);
    if (!table || !words) return kOrders;
    if (verb == "exception" && words >> code) {
        faults_.refuse(unit, *table, number, code);
        return {};
    }
    return verb == "set" && set_values(unit, *table, number, words) ? std::string() : kOrders;
}

bool Slave::set_values(int unit, Table table, int address, std::istream& values) {
    const int first = address;
    for (int value = 0; values >> value; ++address)
        memory(unit).set(table, address, value);
    return address > first && values.eof();
}

UnitMemory& Slave::memory(int unit) {
    return memories_.try_emplace(unit, unit, options_.size).first->second;
}

}  // namespace fieldlink
