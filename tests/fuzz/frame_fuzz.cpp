/// Input: one frame of the service's.
#include <string>

#include "daemon/uplink/frames.hpp"
#include "require.hpp"

namespace fieldlink::fuzz {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLatest{8'000'000'000'000}, kADay{24 * 3'600'000};

void require_moment(const std::optional<milliseconds>& moment) {
    if (moment) require(*moment >= milliseconds(0) && *moment <= kLatest, "a moment is within what can be added to");
}

void examine(const Ignored&) {}
void examine(const Pong&) {}
void examine(const Presence&) {}

void examine(const Welcome& welcome) {
    require(welcome.max_message_size > 0, "a welcome's limit is a size");
    require_moment(welcome.expires_at);
    require_moment(welcome.server_time);
}

void examine(const Ack& ack) {
    require(ack.request_id.data() != nullptr, "an ack is for a request");
}

void examine(const ServiceError& error) {
    require(error.code.data() != nullptr, "an error has a code");
}

void examine(const GoingAway& going_away) {
    require(going_away.retry_after >= milliseconds(0) && going_away.retry_after <= kADay,
            "the service keeps nobody away for more than a day");
}

/// What comes from outside must survive being written into a frame of ours.
void examine(const DirectMessage& message) {
    require(JsonDocument(message.data).valid(), "the data of a direct frame is JSON");
}

void examine(const ChannelMessage& message) {
    require_json(message.data);
    const std::string frame = subscribe_frame(message.channel, message.from);
    const JsonDocument written(frame);
    require(written.valid(), "our frames are JSON");
    require(written.root()["channel"].string() == message.channel, "a channel is written as it was read");
    require(written.root()["requestId"].string() == message.from, "a request id is written as it was read");
}

void run(std::string_view text) {
    const ServerFrame frame(text);
    std::visit([](const auto& content) { examine(content); }, frame.content());
}

}  // namespace
}  // namespace fieldlink::fuzz

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    fieldlink::fuzz::run({reinterpret_cast<const char*>(data), size});
    return 0;
}
