#include "storage/records.hpp"

#include <cassert>

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

// The byte order is stated, not the machine's: an SD card may be read in another gateway.
template <class Unsigned>
void append_bytes(std::string& out, Unsigned value) {
    for (std::size_t i = 0; i < sizeof value; ++i)
        out += static_cast<char>((value >> (8 * i)) & 0xff);
}

template <class Unsigned>
Unsigned read_bytes(std::string_view in) {
    Unsigned value = 0;
    for (std::size_t i = 0; i < sizeof value; ++i)
        value |= static_cast<Unsigned>(static_cast<unsigned char>(in[i])) << (8 * i);
    return value;
}

constexpr std::size_t kBaseSize = sizeof(std::uint64_t);
constexpr std::size_t kSizeSize = sizeof(std::uint32_t);
constexpr std::size_t kHeader = 4 + 1;

}  // namespace

void begin_body(std::string& body, milliseconds base) {
    append_bytes(body, static_cast<std::uint64_t>(base.count()));
}

void append_record(std::string& body, milliseconds after_base, std::string_view sensor, std::string_view members) {
    assert(sensor.size() <= 255);
    append_bytes(body, static_cast<std::uint32_t>(kHeader + sensor.size() + members.size()));
    append_bytes(body, static_cast<std::uint32_t>(after_base.count()));
    body.append(1, static_cast<char>(sensor.size())).append(sensor).append(members);
}

Records::Records(std::string_view body) {
    if (body.size() < kBaseSize) return;
    base_ = milliseconds(static_cast<std::int64_t>(read_bytes<std::uint64_t>(body)));
    rest_ = body.substr(kBaseSize);
}

bool Records::next(Record& record) {
    if (rest_.size() < kSizeSize) return false;
    const std::size_t size = read_bytes<std::uint32_t>(rest_);
    if (size < kHeader || size > rest_.size() - kSizeSize) return false;
    const std::string_view content = rest_.substr(kSizeSize, size);
    const auto name_size = static_cast<unsigned char>(content[4]);
    if (kHeader + name_size > size) return false;
    record.taken = base_ + milliseconds(static_cast<std::int32_t>(read_bytes<std::uint32_t>(content)));
    record.sensor = content.substr(kHeader, name_size);
    record.members = content.substr(kHeader + name_size);
    record.bytes = rest_.substr(0, kSizeSize + size);
    rest_.remove_prefix(kSizeSize + size);
    return true;
}

}  // namespace fieldlink
