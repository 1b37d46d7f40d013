#include <algorithm>
#include <charconv>
#include <cstdio>

#include "drivers/modbus/model.hpp"

namespace fieldlink {
namespace {

struct TableRow {
    Table table;
    const char* key;
    unsigned documented_from;  ///< manuals count this table from here, with 5 digits
};

constexpr TableRow kTables[] = {
    {Table::coil, "coil", 0},
    {Table::discrete, "discrete", 10'001},
    {Table::input, "input", 30'001},
    {Table::holding, "holding", 40'001},
};

constexpr unsigned kAddresses = 65'536;

/// One point being read: its settings, and where its problems go.
struct PointReader {
    const fl_point_config& config;
    const Settings settings;
    const fl_place place;
    const Reporter reporter;

    void error(const char* key, const std::string& text) const {
        reporter.error({place.sensor, place.point, key}, text);
    }
    const TableRow* table() const;
    unsigned address(const TableRow& row) const;
    RegisterFormat format() const;
    void read_length(RegisterFormat& format) const;
    void read_bits(RegisterFormat& format) const;
    void check_only_for_registers(const TableRow& row) const;
    void check_writable(const TableRow& row, bool has_bits) const;
};

const TableRow* PointReader::table() const {
    const TableRow* found = nullptr;
    for (const TableRow& row : kTables) {
        if (!settings.has(row.key)) continue;
        if (found)
            error(row.key, std::string("the point is already at ") + found->key + ":; write only one of the two");
        if (!found) found = &row;
    }
    if (!found)
        error(nullptr, "nothing says where the point is; write one of input: N, holding: N, coil: N, discrete: N");
    return found;
}

/// 40001 in a manual is holding register 0 on the wire. The few devices that have a register 40001 on the wire (SunSpec
/// starts at 40000) are served by the hexadecimal way of writing.
unsigned PointReader::address(const TableRow& row) const {
    const auto written = static_cast<unsigned>(settings.integer(row.key, 0));
    const bool hexadecimal = settings.text(row.key).substr(0, 2) == "0x";
    const unsigned from = written > 99'999 ? (row.documented_from - 1) * 10 + 1 : row.documented_from;
    const bool documented = row.documented_from > 0 && written >= from && written - from < kAddresses &&
                            (written > 99'999 || written - from < 9'999);
    char hex[16];
    std::snprintf(hex, sizeof hex, "0x%X", written);
    if (documented && !hexadecimal)
        error(row.key,
              std::to_string(written) + " is a manual's number; on the wire it is " + row.key + ": " +
                  std::to_string(written - from) +
                  (written < kAddresses ? std::string(" (if it is meant as it stands, write ") + hex + ")" : ""));
    else if (written >= kAddresses)
        error(row.key, std::to_string(written) + " is too large; addresses are 0 to 65535");
    return written;
}

void PointReader::read_length(RegisterFormat& format) const {
    const bool is_string = format.type == ValueType::string;
    if (is_string && !settings.has("length"))
        error("type", "a string needs its length in registers; write length: N with it");
    if (!is_string && settings.has("length"))
        error("length", std::string(to_string(format.type)) + " has a length of its own; length: is for type: string");
    if (is_string) format.registers = static_cast<std::size_t>(settings.integer("length", 1));
    if (is_string && format.order.low_register_first)
        error("order", "a string has no order of registers; write ABCD, or BADC if its letters are swapped in pairs");
}

void PointReader::read_bits(RegisterFormat& format) const {
    const std::string_view text = settings.text("bits");
    BitField bits;
    const char* end = text.data() + text.size();
    auto [at, failure] = std::from_chars(text.data(), end, bits.first);
    bits.last = bits.first;
    bits.single = at == end;
    if (failure == std::errc() && at != end && *at == '-') {
        const auto second = std::from_chars(at + 1, end, bits.last);
        failure = second.ec;
        at = second.ptr;
    }
    if (failure != std::errc() || at != end || bits.first > bits.last)
        error("bits",
              "\"" + std::string(text) + "\" are no bits; write one, like 3, or a range, like 4-7 (0 is the lowest)");
    else if (format.type != ValueType::u16 && format.type != ValueType::u32 && format.type != ValueType::u64)
        error("bits", std::string(to_string(format.type)) + " has no bits; write type: u16, u32 or u64 with bits:");
    else if (bits.last >= 16 * format.registers)
        error("bits", "there is no bit " + std::to_string(bits.last) + " in " + std::string(to_string(format.type)) +
                          "; its highest is " + std::to_string(16 * format.registers - 1));
    format.bits = bits;
}

RegisterFormat PointReader::format() const {
    RegisterFormat format;
    format.type = value_type(settings.text("type", "u16")).value_or(ValueType::u16);
    format.order = word_order(settings.text("order", "ABCD")).value_or(WordOrder{});
    format.registers = registers_of(format.type);
    read_length(format);
    if (settings.has("bits")) read_bits(format);
    return format;
}

void PointReader::check_only_for_registers(const TableRow& row) const {
    for (const char* key : {"type", "order", "bits", "length"}) {
        if (settings.has(key))
            error(key, std::string(row.key) + ": is a single bit; " + key + ": is for input: and holding: registers");
    }
}

void PointReader::check_writable(const TableRow& row, bool has_bits) const {
    if (!config.writable) return;
    if (row.table == Table::input)
        error("writable", "input registers can only be read; write holding: if the device has it there");
    if (row.table == Table::discrete)
        error("writable", "discrete inputs can only be read; write coil: if the device has it there");
    if (has_bits)
        error("writable", "bits of a register cannot be written yet; make the whole register writable without bits:");
}

}  // namespace

ModbusPoint read_point(const fl_point_config& config, const fl_place& place, Reporter reporter) {
    const PointReader reader{config, Settings(config), place, reporter};
    ModbusPoint point;
    point.name = config.name;
    point.range.count = 0;
    const TableRow* row = reader.table();
    if (!row) return point;
    point.range.count = 1;
    point.range.table = row->table;
    point.range.address = reader.address(*row);
    if (is_bits(row->table)) {
        reader.check_only_for_registers(*row);
    } else {
        point.format = reader.format();
        point.range.count = static_cast<unsigned>(point.format.registers);
    }
    if (point.range.address < kAddresses && point.range.end() > kAddresses)
        reader.error(row->key, "the value goes beyond the last address, 65535");
    reader.check_writable(*row, point.format.bits.has_value());
    return point;
}

const char* to_string(Table table) {
    return std::find_if(std::begin(kTables), std::end(kTables), [&](auto& row) { return row.table == table; })->key;
}

}  // namespace fieldlink
