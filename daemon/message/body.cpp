#include "daemon/message/body.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>

#include "storage/records.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kSensorPart = R"({"sensor":")";
constexpr std::string_view kTimePart = R"(","ts":)";
constexpr std::string_view kUnsynced = R"(,"clock":"unsynced")";
constexpr std::string_view kReplayed = R"(,"replayed":true)";

void append_number(std::string& out, std::int64_t value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.append(digits, end);
}

constexpr milliseconds kSameTime{100};

/// Turns the boot clock times of one message into what is published.
struct Times {
    milliseconds offset;
    bool is_true;
};

Times times_of(const StoredMessage& message, std::optional<milliseconds> true_offset) {
    const auto& stored = message.time_base.true_offset;
    const auto offset = message.time_base.this_boot && true_offset ? true_offset : stored;
    const milliseconds wall_offset = message.created.wall - message.created.boot;
    // A wall clock that was true is kept to: another run of the daemon, which measures the offset anew, must not give
    // other times to a message that it sends again.
    const bool wall_was_true = offset && std::chrono::abs(*offset - wall_offset) < kSameTime;
    return {offset && !wall_was_true ? *offset : wall_offset, offset.has_value()};
}

void append_time(std::string& json, std::string_view name, milliseconds boot, const Times& times) {
    json += name;
    append_number(json, (boot + times.offset).count());
    if (!times.is_true) json += kUnsynced;
}

void render_readings(std::string_view body, const Times& times, std::string& json) {
    json += R"(,"readings":[)";
    Records records(body);
    Record record;
    for (bool first = true; records.next(record); first = false) {
        if (!first) json += ',';
        json.append(kSensorPart).append(record.sensor);
        append_time(json, kTimePart, record.taken, times);
        json.append(1, ',').append(record.members).append(1, '}');
    }
    json += ']';
}

/// The body is a whole object; a device's text cannot look like the member, its quotes are escaped.
void render_gap(const StoredMessage& message, Times times, std::string& json) {
    const bool has_times = message.body.find(R"("first_ts":)") != std::string::npos;
    const bool is_object = message.body.size() > 2 && message.body.back() == '}';
    if (has_times || !is_object) {
        json += message.body;
        return;
    }
    times.is_true = true;  // what is not, is said once, beside the message's own
    json.append(message.body, 0, message.body.size() - 1);
    append_time(json, R"(,"first_ts":)", message.first, times);
    append_time(json, R"(,"last_ts":)", message.last, times);
    json += '}';
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

void render_member(const StoredMessage& message, const Times& times, std::string& json) {
    json.append(R"(,")").append(member_name(message.kind)).append(R"(":)");
    if (message.kind == Kind::gap)
        render_gap(message, times, json);
    else
        json += message.body;
}

void append_id(const StoredMessage& message, const Part* part, std::string& json) {
    json.append(R"({"messageId":")").append(message.gateway).append(1, ':').append(message.epoch).append(1, ':');
    append_number(json, message.seq);
    if (!part) return;
    json += '/';
    append_number(json, part->first);
    json += '-';
    append_number(json, std::int64_t{part->first} + part->count - 1);
}

void append_part(const Part& part, std::string& json) {
    json += R"(,"part":{"first":)";
    append_number(json, part.first);
    json += R"(,"count":)";
    append_number(json, part.count);
    json += R"(,"of":)";
    append_number(json, part.of);
    json += '}';
}

/// All that comes before what the message is about.
void render_head(const StoredMessage& message, const Part* part, const Times& times, std::string& json) {
    append_id(message, part, json);
    json += R"(","seq":)";
    append_number(json, message.seq);
    if (message.prev) {
        json.append(R"(,"prev":")").append(message.prev->epoch).append(1, ':');
        append_number(json, message.prev->seq);
        json += '"';
    }
    if (part) append_part(*part, json);
    append_time(json, R"(,"ts":)", message.created.boot, times);
    if (message.replayed) json += kReplayed;
}

}  // namespace

std::size_t rendered_size(std::string_view sensor, std::string_view members) {
    return kSensorPart.size() + sensor.size() + kTimePart.size() + kMaxTimeBytes + 1 + members.size() + 2;
}

void render(const StoredMessage& message, std::optional<milliseconds> true_offset, std::string& json) {
    const Times times = times_of(message, true_offset);
    render_head(message, nullptr, times, json);
    if (message.kind == Kind::readings)
        render_readings(message.body, times, json);
    else
        render_member(message, times, json);
    json += '}';
}

void render_part(const StoredMessage& message, const Part& part, std::string_view body,
                 std::optional<milliseconds> true_offset, std::string& json) {
    const Times times = times_of(message, true_offset);
    render_head(message, &part, times, json);
    render_readings(body, times, json);
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

std::size_t part_overhead(std::string_view gateway, std::string_view channel) {
    constexpr std::size_t kNumber = 10, kNumbers = 5;
    constexpr std::string_view kFixed = R"(/-,"part":{"first":,"count":,"of":})";
    return frame_overhead(gateway, channel) + kFixed.size() + kNumbers * kNumber;
}

}  // namespace fieldlink
