#include "daemon/message/body.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kSensorPart = R"({"sensor":")";
constexpr std::string_view kTimePart = R"(","ts":)";

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

void append_number(std::string& out, std::int64_t value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.append(digits, end);
}

constexpr std::size_t kBaseSize = sizeof(std::uint64_t);

struct Record {
    milliseconds after_base;
    std::string_view sensor, members;
};

/// Takes the first record off `body`; false at the end or where the body is damaged.
bool next_record(std::string_view& body, Record& record) {
    constexpr std::size_t kHeader = 4 + 1;
    if (body.size() < 4) return false;
    const std::size_t size = read_bytes<std::uint32_t>(body);
    body.remove_prefix(4);
    if (size < kHeader || size > body.size()) return false;
    const std::string_view content = body.substr(0, size);
    const auto name_size = static_cast<unsigned char>(content[4]);
    if (kHeader + name_size > size) return false;
    record.after_base = milliseconds(static_cast<std::int32_t>(read_bytes<std::uint32_t>(content)));
    record.sensor = content.substr(kHeader, name_size);
    record.members = content.substr(kHeader + name_size);
    body.remove_prefix(size);
    return true;
}

void render_readings(const StoredMessage& message, std::string& json) {
    json += R"(,"readings":[)";
    std::string_view body = message.body;
    milliseconds base{0};
    if (body.size() >= kBaseSize) {
        base = milliseconds(static_cast<std::int64_t>(read_bytes<std::uint64_t>(body)));
        body.remove_prefix(kBaseSize);
    }
    const milliseconds base_wall = message.created.wall - message.created.boot + base;
    Record record;
    for (bool first = true; next_record(body, record); first = false) {
        if (!first) json += ',';
        json.append(kSensorPart).append(record.sensor).append(kTimePart);
        append_number(json, (base_wall + record.after_base).count());
        json.append(1, ',').append(record.members).append(1, '}');
    }
    json += ']';
}

std::string_view member_name(Kind kind) {
    switch (kind) {
        case Kind::result:
            return "result";
        case Kind::gap:
            return "gap";
        case Kind::event:
            return "event";
        case Kind::readings:
            break;
    }
    assert(false && "readings have their own form");
    return "";
}

}  // namespace

void begin_body(std::string& body, milliseconds base) {
    append_bytes(body, static_cast<std::uint64_t>(base.count()));
}

void append_record(std::string& body, milliseconds after_base, std::string_view sensor, std::string_view members) {
    assert(sensor.size() <= 255);
    append_bytes(body, static_cast<std::uint32_t>(4 + 1 + sensor.size() + members.size()));
    append_bytes(body, static_cast<std::uint32_t>(after_base.count()));
    body.append(1, static_cast<char>(sensor.size())).append(sensor).append(members);
}

std::size_t rendered_size(std::string_view sensor, std::string_view members) {
    return kSensorPart.size() + sensor.size() + kTimePart.size() + kMaxTimeBytes + 1 + members.size() + 2;
}

void render(const StoredMessage& message, std::string& json) {
    json.append(R"({"messageId":")").append(message.gateway).append(1, ':').append(message.epoch).append(1, ':');
    append_number(json, message.seq);
    json += R"(","seq":)";
    append_number(json, message.seq);
    if (message.prev) {
        json.append(R"(,"prev":")").append(message.prev->epoch).append(1, ':');
        append_number(json, message.prev->seq);
        json += '"';
    }
    json += R"(,"ts":)";
    append_number(json, message.created.wall.count());
    if (message.kind == Kind::readings)
        render_readings(message, json);
    else
        json.append(R"(,")").append(member_name(message.kind)).append(R"(":)").append(message.body);
    json += '}';
}

std::size_t frame_overhead(std::string_view gateway, std::string_view channel) {
    constexpr std::size_t kEpoch = 8, kNumber = 20, kRequestId = 20;
    constexpr std::string_view kFixed = R"({"type":"publish","channel":"","requestId":"","data":})"
                                        R"({"messageId":"::","seq":,"prev":":","ts":,"replayed":true,"readings":[]})";
    const auto needs_escape = [](char c) { return c == '"' || c == '\\'; };
    const auto escapes = std::count_if(channel.begin(), channel.end(), needs_escape);
    return kFixed.size() + gateway.size() + channel.size() + static_cast<std::size_t>(escapes) + kRequestId +
           2 * kEpoch + 3 * kNumber + kMaxTimeBytes;
}

}  // namespace fieldlink
