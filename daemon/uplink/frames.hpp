#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/json/reader.hpp"

/// The service's frames: how ours are written and its are read. Pure.
namespace fieldlink {

inline constexpr std::string_view kPingFrame = R"({"type":"ping"})";

std::string subscribe_frame(std::string_view channel, std::string_view request_id);

/// A publish is written around its data, so that a message is rendered straight into its frame:
/// begin_publish(frame, channel); render(message, true_offset, frame); end_request(frame, request_id).
void begin_publish(std::string& frame, std::string_view channel);
void end_request(std::string& frame, std::string_view request_id);

struct Welcome {
    std::string_view peer_id;
    std::optional<std::chrono::milliseconds> expires_at, server_time;  ///< Unix time
    std::size_t max_message_size = 0;                                  ///< bytes of a whole frame
};
struct Ack {
    std::string_view request_id;
};
struct ServiceError {
    std::string_view code, message, request_id;  ///< the last two may be empty
};
struct ChannelMessage {
    std::string_view channel, from, data;  ///< data: JSON text
};
struct DirectMessage {
    std::string_view from, data;  ///< data: JSON text
};
struct GoingAway {
    std::chrono::milliseconds retry_after{0};
};
struct Pong {};
struct Presence {};
struct Ignored {};  ///< not JSON, lacks a required field, or of a type we do not know: the service grows

using FrameContent =
    std::variant<Ignored, Welcome, Ack, ServiceError, ChannelMessage, DirectMessage, GoingAway, Pong, Presence>;

/// One frame of the service's. Its content refers to `text`, which must stay as it is meanwhile.
class ServerFrame {
public:
    explicit ServerFrame(std::string_view text);

    const FrameContent& content() const { return content_; }

private:
    JsonDocument document_;
    FrameContent content_;
};

}  // namespace fieldlink
