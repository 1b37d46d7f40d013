#include "daemon/uplink/frames.hpp"

#include <cmath>

#include "daemon/json/writer.hpp"
#include "daemon/uplink/frame_limit.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kPublish = R"({"type":"publish","channel":)";
constexpr std::string_view kData = R"(,"data":)";
constexpr std::string_view kRequestId = R"(,"requestId":)";
constexpr std::size_t kUsualMaxMessageSize = 64 * 1024;
constexpr std::int64_t kLeastMaxMessageSize = FrameLimit::kLeast;  // under less, reading by reading would be given up

/// The service's examples show seconds, and nothing promises that it stays so: a moment after 1973 tells them apart.
/// What is after the year 2223 is no moment: the steady clock could not wait for it.
std::optional<milliseconds> unix_time(JsonValue value) {
    constexpr double kSecondsEnd = 1e11, kLatest = 8e12;
    const auto number = value.number();
    if (!number) return std::nullopt;
    const double time = *number > kSecondsEnd ? *number : *number * 1000;
    if (time < 0 || time > kLatest) return std::nullopt;
    return milliseconds(std::llround(time));
}

milliseconds duration(JsonValue value) {
    constexpr double kLongest = 24 * 3'600'000;
    const double number = value.number().value_or(0);
    return milliseconds(std::llround(std::min(kLongest, std::max(0.0, number))));
}

FrameContent read_welcome(JsonValue frame) {
    const auto peer_id = frame["peerId"].string();
    const auto size = frame["maxMessageSize"].integer();
    if (!peer_id || (size && *size < kLeastMaxMessageSize)) return Ignored{};
    const std::size_t limit = size ? static_cast<std::size_t>(*size) : kUsualMaxMessageSize;
    return Welcome{*peer_id, unix_time(frame["expiresAt"]), unix_time(frame["serverTime"]), limit};
}

FrameContent read_ack(JsonValue frame) {
    const auto request_id = frame["requestId"].string();
    if (!request_id) return Ignored{};
    return Ack{*request_id};
}

FrameContent read_error(JsonValue frame) {
    const auto code = frame["code"].string();
    if (!code) return Ignored{};
    return ServiceError{*code, frame["message"].string().value_or(""), frame["requestId"].string().value_or("")};
}

FrameContent read_message(JsonValue frame) {
    const auto channel = frame["channel"].string(), from = frame["from"].string();
    const JsonValue data = frame["data"];
    if (!channel || !from || !data.exists()) return Ignored{};
    return ChannelMessage{*channel, *from, data.raw()};
}

FrameContent read_direct(JsonValue frame) {
    const auto from = frame["from"].string();
    const JsonValue data = frame["data"];
    if (!from || !data.exists()) return Ignored{};
    return DirectMessage{*from, data.raw()};
}

FrameContent read_going_away(JsonValue frame) {
    return GoingAway{duration(frame["retryAfterMs"])};
}

FrameContent read_pong(JsonValue) {
    return Pong{};
}

FrameContent read_presence(JsonValue) {
    return Presence{};
}

struct FrameType {
    std::string_view name;
    FrameContent (*read)(JsonValue frame);
};

// clang-format off
constexpr FrameType kTypes[] = {
    {"ack",        read_ack       },
    {"message",    read_message   },
    {"direct",     read_direct    },
    {"error",      read_error     },
    {"pong",       read_pong      },
    {"presence",   read_presence  },
    {"welcome",    read_welcome   },
    {"going_away", read_going_away},
};
// clang-format on

FrameContent read(JsonValue frame) {
    const auto name = frame["type"].string();
    for (const FrameType& type : kTypes)
        if (name == type.name) return type.read(frame);
    return Ignored{};
}

}  // namespace

std::string subscribe_frame(std::string_view channel, std::string_view request_id) {
    std::string frame = R"({"type":"subscribe","channel":)";
    append_json_string(frame, channel);
    end_request(frame, request_id);
    return frame;
}

void begin_publish(std::string& frame, std::string_view channel) {
    frame += kPublish;
    append_json_string(frame, channel);
    frame += kData;
}

void end_request(std::string& frame, std::string_view request_id) {
    frame += kRequestId;
    append_json_string(frame, request_id);
    frame += '}';
}

ServerFrame::ServerFrame(std::string_view text) : document_(text), content_(read(document_.root())) {}

}  // namespace fieldlink
